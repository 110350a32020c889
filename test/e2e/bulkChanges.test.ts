import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { openBacklog } from './support/openBacklog.ts';
import { waitUntil } from './support/waitUntil.ts';
import type { Workbench } from './support/workbench.ts';

const legacy = 'autopack_legacy.db';
const cluster = /\d+ phases · \d+ runs? · \d{4}-/;

describe('changing many rows at once', () => {
  let path: string;
  let workbench: Workbench;

  before(async () => {
    ({ workbench, database: path } = await openBacklog(700));
  });

  after(() => workbench.dispose());

  /** Asks SQLite itself. */
  function count(where: string): number {
    const database = new DatabaseSync(path, { readOnly: true });
    try {
      return Number(database.prepare(`SELECT count(*) AS n FROM phases WHERE ${where}`).get()?.n);
    } finally {
      database.close();
    }
  }
  const failed = (): number => count("upper(state) = 'FAILED'");

  /** Waits for the menu of a row, and gives its entries. */
  async function menuOf(text: string | RegExp): Promise<string> {
    await workbench.tree.row(text).click({ button: 'right' });
    const menu = workbench.page.locator('.context-view.monaco-menu-container');
    await menu.getByRole('menuitem').first().waitFor();
    return menu.innerText();
  }

  it('queues the phases of a cluster again, and offers the way back', async () => {
    await workbench.page.getByRole('button', { name: /^Failures\b.*Section/ }).click();
    await workbench.tree.row(cluster).waitFor();
    const before = failed();
    const menu = await menuOf(cluster);
    assert.match(menu, /Re-queue This Cluster/);
    await workbench.screenshot('failures-menu');
    await workbench.tree.chooseFromOpenMenu('Re-queue This Cluster');
    const question = workbench.dialog(/Re-queue \d+ failed phases\?/);
    await question.waitFor();
    await workbench.screenshot('requeue-question');
    const [, asked] = /Re-queue (\d+) failed phases/.exec(await question.innerText()) ?? [];
    assert.match(await question.innerText(), /They return to the queue/);
    assert.equal(failed(), before, 'nothing is written before the person agrees');
    await question.getByRole('button', { name: `Re-queue ${asked ?? ''} Phases` }).click();
    const told = workbench.notification(`Re-queued ${asked ?? ''} phases.`);
    await told.waitFor();
    await workbench.screenshot('requeued');
    assert.equal(failed(), before - Number(asked));
    await told.getByRole('button', { name: 'Restore Backup' }).click();
    await workbench.dialog('Replace the content of').getByRole('button', { name: 'Restore' }).click();
    await workbench.notification(`Restored ${legacy}.`).waitFor();
    assert.equal(failed(), before);
  });

  it('queues one failure again', async () => {
    const before = failed();
    await workbench.tree.expand(cluster);
    const row = workbench.page.locator('.part.sidebar [role="treeitem"][aria-level="2"]').first();
    await row.click({ button: 'right' });
    await workbench.tree.chooseFromOpenMenu('Re-queue');
    const button = workbench
      .dialog('Re-queue 1 failed phase?')
      .getByRole('button', { name: 'Re-queue 1 Phase' });
    await button.click();
    await workbench.notification('Re-queued 1 phase.').waitFor();
    assert.equal(failed(), before - 1);
  });

  it('queues the chosen phases of a run again, and offers that for failed ones only', async () => {
    const run = /lantern-import-v3/;
    const ofRun = await menuOf(run);
    assert.match(ofRun, /Drain Run[\s\S]*Re-queue Failed Phases[\s\S]*Copy ID[\s\S]*Delete Run/);
    await workbench.screenshot('run-menu');
    await workbench.page.keyboard.press('Escape');
    await workbench.tree.expand(run);
    const before = failed();
    const alsoClick = (phase: string): Promise<void> =>
      workbench.tree.row(phase).click({ modifiers: ['ControlOrMeta'] });
    await workbench.tree.click('import-scanner');
    await alsoClick('import-thumbnails');
    assert.doesNotMatch(await menuOf('import-thumbnails'), /Re-queue/, 'one of them is complete');
    await workbench.page.keyboard.press('Escape');
    await alsoClick('import-scanner');
    await alsoClick('import-catalogue');
    await workbench.tree.row('import-catalogue').click({ button: 'right' });
    await workbench.screenshot('phases-menu');
    await workbench.tree.chooseFromOpenMenu('Re-queue');
    const question = workbench.dialog('Re-queue 2 failed phases?');
    await question.waitFor();
    assert.match(await question.innerText(), /They return to the queue; failure reasons and attempts stay\./);
    await question.getByRole('button', { name: 'Re-queue 2 Phases' }).click();
    await workbench.notification('Re-queued 2 phases.').waitFor();
    assert.equal(failed(), before - 2);
  });

  it('deletes a run after saying what goes with it', async () => {
    const id = 'docs-sweep-v1';
    assert.ok(count(`run_id = '${id}'`) > 0);
    await workbench.tree.click(id);
    await workbench.tree.chooseFromMenu(id, 'Delete Run');
    const question = workbench.dialog(`Delete the run ${id} from ${legacy}?`);
    await question.waitFor();
    await workbench.screenshot('delete-run-question');
    assert.match(await question.innerText(), /Deletes 1 run, .*\d+ phases/);
    await question.getByRole('button', { name: 'Delete Run' }).click();
    await workbench.notification(`Deleted the run ${id}.`).waitFor();
    assert.equal(count(`run_id = '${id}'`), 0);
    await waitUntil(
      'the run has left the view',
      () => workbench.tree.texts(),
      (rows) => !rows.some((text) => text.startsWith(id)),
    );
    await workbench.screenshot('run-deleted');
  });

  it('lists all that in the journal, and undoes a change', async () => {
    await workbench.runCommand('Autopack: Show Journal');
    const { quickInput } = workbench;
    const deleted = quickInput.rows.filter({ hasText: 'Deleted the run: run docs-sweep-v1' });
    await deleted.waitFor();
    assert.match(await deleted.innerText(), /change \d+ · [\d: -]+ · .*runs 1/);
    assert.match(await deleted.innerText(), /, editor · can be undone/);
    await quickInput.rows.filter({ hasText: 'Restored a backup' }).waitFor();
    await workbench.screenshot('journal');
    await deleted.hover();
    await deleted.getByRole('button', { name: 'Undo…' }).click();
    const question = workbench.dialog(`Restore ${legacy} from a backup?`);
    await question.waitFor();
    await workbench.screenshot('journal-undo');
    await question.getByRole('button', { name: 'Restore' }).click();
    await workbench.notification(`Restored ${legacy}.`).first().waitFor();
    assert.ok(count("run_id = 'docs-sweep-v1'") > 0);
  });
});
