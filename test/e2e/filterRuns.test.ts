import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { openBacklog } from './support/openBacklog.ts';
import { waitUntil } from './support/waitUntil.ts';
import type { Workbench } from './support/workbench.ts';

describe('filtering the Runs view', () => {
  let path: string;
  let workbench: Workbench;

  before(async () => {
    ({ workbench, database: path } = await openBacklog(640));
  });

  after(() => workbench.dispose());

  function rows(sql: string): Record<string, unknown>[] {
    const database = new DatabaseSync(path);
    try {
      return database.prepare(sql).all();
    } finally {
      database.close();
    }
  }

  /** Presses an icon in the title of the Runs view. */
  async function press(title: string): Promise<void> {
    const header = workbench.page.locator('.pane-header', { hasText: 'Runs' }).first();
    await header.hover();
    await header.getByRole('button', { name: title }).click();
  }

  const message = (): Promise<string> =>
    workbench.page.locator('.part.sidebar .message:visible').first().innerText();

  it('offers states, categories and complexities with their counts, and takes a text', async () => {
    await press('Filter Runs');
    const items = await waitUntil(
      'the counts are there',
      () => workbench.quickInput.texts(),
      (texts) => texts.some((text) => text === 'failed 26 phases'),
    );
    assert.ok(items.includes('queued 32 phases'), items.join());
    await workbench.screenshot('filter-runs-lists');
    await workbench.quickInput.rows.filter({ hasText: 'failed' }).first().click();
    await workbench.quickInput.type('EXIF');
    assert.ok(
      (await workbench.quickInput.texts()).includes('queued 32 phases'),
      'typing does not narrow the list',
    );
    await workbench.screenshot('filter-runs');
    await workbench.page.keyboard.press('Enter');
    const [found] = rows(`SELECT count(*) AS phases, count(DISTINCT run_id) AS runs FROM phases
      WHERE upper(state) = 'FAILED' AND (phase_id LIKE '%exif%' OR name LIKE '%exif%' OR run_id LIKE '%exif%')`);
    const runs = Number(found?.runs);
    assert.ok(runs > 1);
    await waitUntil(
      'as many runs are left',
      () => workbench.tree.rows.count(),
      (count) => count === runs,
    );
    assert.equal(await message(), `${runs} of 12 runs, ${String(found?.phases)} phases: failed, "EXIF"`);
  });

  it('shows below a run only what matches, and counts in its row what there is besides', async () => {
    await workbench.tree.expand('lantern-import-v1');
    await workbench.tree.row('import-exif-reader').waitFor();
    assert.equal(await workbench.tree.rows.filter({ hasText: /import-(scanner|dedupe|queue)/ }).count(), 0);
    await workbench.tree.row(/1 failed of 8 phases/).waitFor();
    await workbench.screenshot('filtered-runs');
  });

  it('follows commits of other programs: what no longer matches goes, what now does comes', async () => {
    const before = await workbench.tree.rows.count();
    rows(
      `UPDATE phases SET state = 'COMPLETE' WHERE run_id = 'lantern-import-v1' AND phase_id = 'import-exif-reader'`,
    );
    await workbench.tree.row('lantern-import-v1').waitFor({ state: 'hidden' });
    rows(
      `UPDATE phases SET state = 'FAILED' WHERE run_id = 'lantern-import-v1' AND phase_id = 'import-exif-reader'`,
    );
    await workbench.tree.row('lantern-import-v1').waitFor();
    await workbench.tree.expand('lantern-import-v1');
    await waitUntil(
      'its rows are back',
      () => workbench.tree.rows.count(),
      (count) => count === before,
    );
  });

  it('is what a drain offers first, and plans', async () => {
    await press('Drain');
    const [first, ...others] = await workbench.quickInput.texts();
    assert.match(first ?? '', /^What the view shows: failed, "EXIF" .*\d phases?/);
    assert.ok(
      others.some((text) => text.startsWith('Failed phases')),
      others.join(),
    );
    assert.ok(others.some((text) => text.startsWith('Queued phases')));
    await workbench.screenshot('drain-what-is-shown');
    await workbench.quickInput.rows.first().click();
    // No executor is here that could execute them: the plan is to be seen all the same.
    const question = workbench.dialog('This drain would execute nothing.');
    await question.waitFor();
    await question.getByRole('button', { name: 'Show Plan' }).click();
    const plan = workbench.webview();
    await plan.getByText('Only phases that match: FAILED, "EXIF".').waitFor();
    const planned = await plan.getByRole('row').allInnerTexts();
    assert.ok(planned.length > 2 && planned.slice(1).every((row) => row.includes('exif')), planned.join());
    await workbench.screenshot('plan-of-what-is-shown');
    assert.equal(await workbench.editorAction('Drain').count(), 0);
  });

  it('is kept for the workspace', async () => {
    const shown = await message();
    await workbench.page.reload();
    await workbench.tree.row('lantern-import-v1').waitFor({ timeout: 30_000 });
    assert.equal(await waitUntil('the view says so', message, (text) => text !== ''), shown);
  });

  it('that leaves nothing says so, with the way out', async () => {
    await press('Change Filter');
    await workbench.quickInput.rows.filter({ hasText: 'failed' }).first().waitFor();
    assert.equal(
      await workbench.quickInput.widget.locator('input[type="text"]').first().inputValue(),
      'EXIF',
    );
    await workbench.quickInput.type('no phase has this in its name');
    await workbench.page.keyboard.press('Enter');
    await workbench.page.getByText('No phase matches the filter.').waitFor();
    await workbench.screenshot('filter-leaves-nothing');
    await workbench.page
      .locator('.part.sidebar')
      .getByRole('button', { name: 'Clear Filter' })
      .last()
      .click();
    await waitUntil(
      'everything is shown',
      () => workbench.tree.rows.count(),
      (count) => count >= 12,
    );
  });

  it('is cleared with one click', async () => {
    await press('Filter Runs');
    await workbench.quickInput.rows.filter({ hasText: 'queued' }).first().click();
    await workbench.page.keyboard.press('Enter');
    await waitUntil('the view is filtered', message, (text) => text.includes('queued'));
    await press('Clear Filter');
    await waitUntil(
      'everything is shown',
      () => workbench.tree.rows.count(),
      (count) => count >= 12,
    );
    const messages = await workbench.page.locator('.part.sidebar .message:visible').allInnerTexts();
    assert.equal(messages.join('').trim(), '');
  });
});
