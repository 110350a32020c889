import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { openBacklog } from './support/openBacklog.ts';
import { waitUntil } from './support/waitUntil.ts';
import type { Workbench } from './support/workbench.ts';

describe('the Runs view as a tool', () => {
  let workbench: Workbench;
  let folder: string;
  let database: string;

  before(async () => {
    ({ workbench, folder, database } = await openBacklog(560));
  });

  after(() => workbench.dispose());

  function query(sql: string): readonly Record<string, unknown>[] {
    const opened = new DatabaseSync(database, { readOnly: true });
    try {
      return opened.prepare(sql).all();
    } finally {
      opened.close();
    }
  }

  it('finds a phase by any text while it is typed, and shows it in its place', async () => {
    const [wanted] = query(
      `SELECT run_id, phase_id FROM phases WHERE last_failure_reason IS NOT NULL AND state = 'FAILED' ORDER BY id LIMIT 1`,
    );
    assert.ok(wanted);
    await workbench.runCommand('Autopack: Find Phase…');
    await workbench.quickInput.type(`${String(wanted.phase_id)} ${String(wanted.run_id)}`);
    const row = workbench.quickInput.rows.filter({ hasText: String(wanted.run_id) }).first();
    await row.waitFor();
    await workbench.screenshot('find-phase');
    await row.click();
    await workbench
      .webview()
      .getByRole('heading', { name: String(wanted.phase_id), exact: true })
      .waitFor();
    const shown = workbench.page.locator('.part.sidebar .monaco-list-row.selected', {
      hasText: String(wanted.phase_id),
    });
    await waitUntil(
      'its row is selected',
      () => shown.count(),
      (count) => count === 1,
    );
    await workbench.screenshot('phase-found');
    const tab = workbench.page.locator('.tabs-container .tab.active');
    assert.equal((await tab.innerText()).trim(), wanted.phase_id);
    await workbench.editorAction('Drain Phase').waitFor();
    await workbench.editorAction('Re-queue').waitFor();
  });

  it('groups phases of all runs by state and by failure, and sorts runs', async () => {
    await workbench.runCommand('Autopack: Group and Sort Runs…');
    await workbench.screenshot('arrange-runs');
    await workbench.quickInput.rows.filter({ hasText: 'phases of all runs by their state' }).click();
    await workbench.tree.expand(/^\s*Failed/);
    const [{ n } = { n: 0 }] = query(`SELECT count(*) AS n FROM phases WHERE state = 'FAILED'`);
    await workbench.tree.row(new RegExp(`Failed\\s*${String(n)} phases`)).waitFor();
    await workbench.screenshot('runs-by-state');
    await workbench.runCommand('Autopack: Group and Sort Runs…');
    await workbench.quickInput.rows.filter({ hasText: 'by why they failed' }).click();
    await workbench.tree.row(/phases? · \d+ runs?/).waitFor();
    await workbench.screenshot('runs-by-failure');
    await workbench.runCommand('Autopack: Group and Sort Runs…');
    await workbench.quickInput.rows.filter({ hasText: 'each run with its tiers' }).click();
    await workbench.runCommand('Autopack: Group and Sort Runs…');
    await workbench.quickInput.rows.filter({ hasText: 'most failed phases first' }).click();
    const [most] = query(
      `SELECT run_id FROM phases WHERE state = 'FAILED' GROUP BY run_id ORDER BY count(*) DESC LIMIT 1`,
    );
    await waitUntil(
      'the run with most failures is first',
      () => workbench.tree.texts(),
      ([first = '']) => first.startsWith(String(most?.run_id)),
    );
  });

  it('keeps filters under names', async () => {
    await workbench.runCommand('Autopack: Filter Runs…');
    await workbench.quickInput.rows.filter({ hasText: 'failed' }).first().click();
    await workbench.quickInput.widget.getByRole('button', { name: 'Apply and Save As…' }).click();
    await workbench.quickInput.widget.getByText('Save Filter').waitFor();
    await workbench.quickInput.enter('Broken');
    await workbench.tree.row(/failed of \d+ phases/).waitFor();
    await workbench.runCommand('Autopack: Clear Filter');
    await workbench.runCommand('Autopack: Use a Saved Filter…');
    await workbench.quickInput.widget.getByText('Saved Filters').waitFor();
    await workbench.screenshot('saved-filters');
    await workbench.quickInput.pick('Broken');
    await workbench.tree.row(/failed of \d+ phases/).waitFor();
    await workbench.runCommand('Autopack: Clear Filter');
  });

  it('drains and queues again what is ticked', async () => {
    await workbench.runCommand('Autopack: Show Checkboxes');
    for (const run of ['maintenance-20251216', 'lantern-import-v3']) {
      await workbench.tree.row(run).locator('.custom-view-tree-node-item-checkbox').click();
    }
    await workbench.page.getByText('2 runs checked').waitFor();
    await workbench.screenshot('runs-checked');
    await workbench.runCommand('Autopack: Drain Checked');
    const question = workbench.dialog(/This drain would execute nothing|Drain \d+ selected phases/);
    await question.waitFor();
    await workbench.screenshot('runs-checked-question');
    await question.getByRole('button', { name: 'Change Options…' }).click();
    await workbench.quickInput.rows.filter({ hasText: 'Token budget' }).click();
    await workbench.quickInput.type('many');
    await workbench.quickInput.widget.getByText('Give a whole number above zero, or nothing.').waitFor();
    await workbench.quickInput.type('50,000');
    await workbench.page.keyboard.press('Enter');
    await workbench.quickInput.rows.filter({ hasText: '50,000 tokens' }).waitFor();
    await workbench.screenshot('drain-options');
    await workbench.quickInput.pick('Use These Options');
    await question.waitFor();
    assert.match(await question.innerText(), /Budget: 50,000 tokens/);
    await question.getByRole('button', { name: 'Cancel' }).click();
    await workbench.runCommand('Autopack: Hide Checkboxes');
  });

  it('shows the details of a run, and compares it with another', async () => {
    const [first = '', second = ''] = query(
      'SELECT id FROM runs WHERE id IN (SELECT run_id FROM phases) ORDER BY created_at DESC LIMIT 2',
    ).map(({ id }) => String(id));
    await workbench.tree.chooseFromMenu(first, 'Show Run Details');
    await workbench.webview().getByRole('heading', { name: first, exact: true }).waitFor();
    await workbench.screenshot('run-details');
    await workbench.tree.row(first).locator('.label-name').first().click();
    await workbench.tree
      .row(second)
      .locator('.label-name')
      .first()
      .click({ modifiers: ['ControlOrMeta'] });
    await workbench.tree.chooseFromMenu(second, 'Compare With…');
    await workbench.webview().getByRole('heading', { name: 'Comparison of two runs' }).waitFor();
    await workbench.screenshot('compare-runs');
  });

  it('opens what a phase has delivered, and nothing outside of the folder', async () => {
    const opened = new DatabaseSync(database);
    opened.exec(
      `UPDATE phases SET scope = '{"deliverables":["src/made.py","../outside.py","/etc/hostname"]}' WHERE id = (SELECT min(id) FROM phases)`,
    );
    const [phase] = opened.prepare('SELECT run_id, phase_id FROM phases ORDER BY id LIMIT 1').all();
    opened.close();
    await mkdir(join(folder, 'src'), { recursive: true });
    await writeFile(join(folder, 'src', 'made.py'), 'made = True\n');
    await writeFile(join(folder, '..', 'outside.py'), 'outside = True\n');
    await workbench.runCommand('Autopack: Find Phase…');
    await workbench.quickInput.type('src/made.py');
    await workbench.quickInput.rows
      .filter({ hasText: String(phase?.run_id) })
      .first()
      .click();
    await workbench.editorAction('Open Deliverables').click();
    await workbench.quickInput.rows.filter({ hasText: '/etc/hostname' }).waitFor();
    const offered = await workbench.quickInput.texts();
    assert.deepEqual(
      offered.map((row) => row.includes('no such file')),
      [false, true, true],
      offered.join(),
    );
    await workbench.screenshot('deliverables');
    await workbench.quickInput.rows.filter({ hasText: 'src/made.py' }).click();
    await workbench.page.locator('.editor-instance .view-lines').getByText('made').first().waitFor();
  });
});
