import assert from 'node:assert/strict';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { prepareExampleWorkspace } from '../../examples/prepareExampleWorkspace.ts';
import { openWorkbench } from './support/openWorkbench.ts';
import { temporaryWorkspace } from './support/temporaryWorkspace.ts';
import { waitUntil } from './support/waitUntil.ts';
import type { Workbench } from './support/workbench.ts';

const legacy = 'autopack_legacy.db';

describe('browsing a database', () => {
  let folder: string;
  let workbench: Workbench;
  /** A failed phase that says why. */
  let explained: { readonly runId: string; readonly phaseId: string };

  before(async () => {
    folder = await temporaryWorkspace();
    await prepareExampleWorkspace(folder);
    explained = failedPhase(join(folder, legacy));
    // As if it were at work just now: a phase that stands still for long is warned of, see the Identity view's tests.
    execute(legacy, `UPDATE phases SET updated_at = datetime('now') WHERE upper(state) = 'EXECUTING'`);
    await mkdir(join(folder, 'data', 'hidden'), { recursive: true });
    execute('data/other.sqlite', 'CREATE TABLE cookies (name TEXT)');
    execute('data/hidden/secret.db', 'CREATE TABLE cookies (name TEXT)');
    await writeFile(join(folder, 'notes.db'), 'only a text with a misleading name');
    await writeFile(join(folder, '.env'), 'DATABASE_URL=sqlite:///autopack_telemetry_seed.db\n');
    workbench = await openWorkbench({ folder, settings: { 'files.exclude': { '**/hidden': true } } });
  });

  after(() => workbench.dispose());

  /** Commits as another program would. */
  function execute(name: string, sql: string): void {
    const database = new DatabaseSync(join(folder, name));
    database.exec(sql);
    database.close();
  }

  it('says that nothing is selected, and offers to select', async () => {
    await workbench.openViewContainer('Autopack');
    const status = await workbench.statusBar.read('no database selected');
    assert.equal(status.kind, 'warning');
    assert.match(
      await workbench.tree.welcome(),
      /No database selected\. Choose one to start, or connect to PostgreSQL\./,
    );
    assert.equal(await workbench.tree.rows.count(), 0);
    await workbench.resizeSideBar(480);
    await workbench.screenshot('nothing-selected');
  });

  it('lists databases by content: role, counts and date first, what a .env names, what files.exclude leaves', async () => {
    await workbench.statusBar.item('no database selected').click();
    const items = await waitUntil(
      'everything is found',
      () => workbench.quickInput.texts(),
      (texts) =>
        texts.some((text) => text.includes('other.sqlite')) && texts.some((text) => text.includes('12 runs')),
    );
    await workbench.screenshot('select-database');
    assert.match(
      items[0] ?? '',
      /^autopack_legacy\.db.*Legacy\? · 12 runs, 89 phases · \d{4}-\d\d-\d\d \d\d:\d\d/,
    );
    const named = items.find((text) => text.includes('DATABASE_URL in .env')) ?? '';
    assert.match(named, /autopack_telemetry_seed\.db.*no such file/);
    assert.match(items.find((text) => text.includes('other.sqlite')) ?? '', /not an Autopack database/);
    assert.equal(items.filter((text) => /notes\.db|secret\.db/.test(text)).length, 0);
    // As long as it is there, the status bar warns of it: see the tests of the Identity view.
    await rm(join(folder, '.env'));
    await workbench.quickInput.pickDatabase(legacy);
  });

  it('shows runs, and below an opened one its phases', async () => {
    await workbench.tree.row('12 runs').waitFor({ state: 'hidden' });
    const status = await waitUntil(
      'the status bar shows the counts',
      () => workbench.statusBar.read(legacy),
      ({ kind, text }) => kind === 'standard' && text.includes('12 runs, 89 phases'),
    );
    assert.match(status.text, /Legacy\?: autopack_legacy\.db · .*12 runs, 89 phases/);
    await waitUntil(
      'the runs are shown',
      () => workbench.tree.rows.count(),
      (count) => count === 12,
    );
    await workbench.tree.expand(explained.runId);
    await waitUntil(
      'its phases are shown',
      () => workbench.tree.rows.count(),
      (count) => count > 12,
    );
    await workbench.screenshot('runs');
  });

  it('tells in a tooltip why a phase failed', async () => {
    const phase = workbench.tree.row(explained.phaseId);
    const text = await workbench.hover(phase.locator('.label-name').first());
    assert.match(text, /failed/);
    assert.match(text, /Deliverables|Paths/);
    await workbench.screenshot('phase-tooltip');
  });

  it('opens the details of a phase, and keeps the focus in the tree', async () => {
    const phase = workbench.tree.row(explained.phaseId);
    await phase.locator('.label-name').first().click();
    const heading = workbench.webview().getByRole('heading', { name: 'Why it failed' });
    await heading.waitFor();
    await workbench.screenshot('phase-details');
  });

  it('has the whole identity in the tooltip of the status bar, and on a click', async () => {
    const tooltip = await workbench.hover(workbench.statusBar.item(legacy));
    assert.match(tooltip, /Path.*autopack_legacy\.db/);
    assert.match(tooltip, /Token estimation events/);
    await workbench.screenshot('status-tooltip');
    await workbench.statusBar.item(legacy).click();
    await workbench
      .webview()
      .getByRole('heading', { name: `Identity of ${legacy}` })
      .waitFor();
    await workbench.notification('is a legacy backlog: 12 runs, 89 phases').waitFor();
    await workbench.screenshot('identity');
    await workbench.page.keyboard.press('Escape');
  });

  it('follows a commit of another program, and keeps what is open', async () => {
    const before = await workbench.tree.rows.count();
    execute(legacy, "UPDATE phases SET state = 'COMPLETE', tokens_used = 987654 WHERE state = 'FAILED'");
    await waitUntil(
      'no failed phase is left',
      () => workbench.tree.rows.filter({ hasText: /\d failed/ }).count(),
      (count) => count === 0,
    );
    assert.equal(await workbench.tree.rows.count(), before);
  });

  it('keeps the choice when the window is opened again', async () => {
    await workbench.page.reload();
    const status = await workbench.statusBar.read('12 runs, 89 phases');
    assert.match(status.text, /Legacy\?: autopack_legacy\.db/);
  });

  it('warns when the file is gone, and comes back with it', async () => {
    await rename(join(folder, legacy), join(folder, 'elsewhere'));
    const gone = await workbench.statusBar.read('no such file');
    assert.equal(gone.kind, 'warning');
    await workbench.openViewContainer('Autopack');
    await workbench.page.getByText('The selected database no longer exists.').waitFor();
    await workbench.screenshot('file-gone');
    await rename(join(folder, 'elsewhere'), join(folder, legacy));
    await workbench.statusBar.read('12 runs, 89 phases');
    await waitUntil(
      'the runs are back',
      () => workbench.tree.rows.count(),
      (count) => count === 12,
    );
  });
});

/** A failed phase that says why, in the newest run that has one. */
function failedPhase(path: string): { readonly runId: string; readonly phaseId: string } {
  const database = new DatabaseSync(path, { readOnly: true });
  const row = database
    .prepare(
      `SELECT run_id, phase_id FROM phases JOIN runs ON runs.id = run_id
       WHERE phases.state = 'FAILED' AND last_failure_reason IS NOT NULL ORDER BY runs.created_at DESC LIMIT 1`,
    )
    .get();
  database.close();
  assert.ok(row, 'the example has no failed phase that says why');
  return { runId: String(row.run_id), phaseId: String(row.phase_id) };
}
