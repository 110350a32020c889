import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { hygieneSession } from '../../src/core/drain/hygieneSession.ts';
import { initDatabase, seedDatabase } from '../../src/core/seed/seedDatabase.ts';
import { DatabaseWriter } from '../../src/node/writer/databaseWriter.ts';
import { openWorkbench } from './support/openWorkbench.ts';
import { temporaryWorkspace } from './support/temporaryWorkspace.ts';
import { waitUntil } from './support/waitUntil.ts';
import type { Workbench } from './support/workbench.ts';

const chosen = ['telemetry-p2-number-util', 'telemetry-p9-readme'];

describe('draining what was selected', () => {
  let folder: string;
  let workbench: Workbench;

  before(async () => {
    folder = await temporaryWorkspace();
    const database = join(folder, 'seed.db');
    const writer = new DatabaseWriter();
    await initDatabase(writer, database, { id: 'e2e', role: 'seed', createdAt: Date.now() });
    await seedDatabase(writer, database, { now: Date.now() });
    workbench = await openWorkbench({ folder });
    await workbench.openViewContainer('Autopack');
    await workbench.resizeSideBar(560);
    await workbench.statusBar.item('no database selected').click();
    await workbench.quickInput.pickDatabase('seed.db');
    await workbench.tree.expand('telemetry-collection-v4');
    await workbench.tree.row('telemetry-p10-file-util').waitFor();
  });

  after(() => workbench.dispose());

  function complete(): unknown {
    const database = new DatabaseSync(join(folder, 'seed.db'), { readOnly: true });
    try {
      const rows = database.prepare(
        `SELECT phase_id FROM phases WHERE state = 'COMPLETE' ORDER BY phase_index`,
      );
      return rows.all().map(({ phase_id: id }) => id);
    } finally {
      database.close();
    }
  }

  it('selects phases with Ctrl and a click, and has one entry for them in the menu', async () => {
    for (const [index, phase] of chosen.entries()) {
      const label = workbench.tree.row(phase).locator('.label-name').first();
      await label.click({ modifiers: index === 0 ? [] : ['ControlOrMeta'] });
    }
    await workbench.tree.row(chosen[1] ?? '').click({ button: 'right' });
    const menu = workbench.page.locator('.context-view.monaco-menu-container');
    await menu.getByRole('menuitem', { name: 'Drain Selected Phases' }).waitFor();
    assert.equal(await menu.getByRole('menuitem', { name: 'Drain Phase' }).count(), 0);
    await workbench.screenshot('selected-menu');
    await menu.getByRole('menuitem', { name: 'Drain Selected Phases' }).click();
  });

  it('shows the plan: these phases, and no other', async () => {
    const question = workbench.dialog('Drain 2 selected phases?');
    await question.waitFor();
    await workbench.screenshot('selected-question');
    await question.getByRole('button', { name: 'Show Plan' }).click();
    const plan = workbench.webview();
    await plan.getByRole('heading', { name: 'Drain plan' }).waitFor();
    await plan.getByText('2 phases of 2 candidates').waitFor();
    const rows = (await plan.getByRole('row').allInnerTexts()).slice(1);
    assert.equal(rows.length, 2);
    for (const [index, row] of rows.entries()) assert.ok(row.includes(chosen[index] ?? '?'), row);
    await workbench.screenshot('selected-plan');
  });

  it('drains them, and nothing else', async () => {
    await workbench.editorAction('Drain').click();
    await workbench.notification('2 phases drained in').waitFor({ timeout: 60_000 });
    assert.deepEqual(complete(), chosen);
  });

  it('leaves out of a stretch of rows what is done already, and says so', async () => {
    await workbench.tree.row('telemetry-p1-string-util').locator('.label-name').first().click();
    const last = workbench.tree.row('telemetry-p10-file-util').locator('.label-name').first();
    await last.click({ modifiers: ['Shift'] });
    await workbench.tree.chooseFromMenu('telemetry-p10-file-util', 'Drain Selected Phases');
    const question = workbench.dialog('Drain 8 selected phases?');
    await question.waitFor();
    assert.match(await question.innerText(), /Left out, .*: 2 complete\./);
    await workbench.screenshot('selected-stretch');
    await question.getByRole('button', { name: 'Cancel' }).click();
  });

  it('reveals the file of the session', async () => {
    const session = /2 complete · 2 samples · seed\.db/;
    await workbench.tree.row(session).waitFor();
    await workbench.tree.chooseFromMenu(session, 'Reveal Session File');
    const sessions = join(folder, '.autonomous_runs', 'batch_drain_sessions');
    const file = readdirSync(sessions).find((name) => /^batch-drain-.*\.json$/.test(name)) ?? '';
    assert.equal(
      (JSON.parse(readFileSync(join(sessions, file), 'utf8')) as { total_success: number }).total_success,
      2,
    );
    const row = workbench.page.locator('.explorer-folders-view .monaco-list-row.selected', { hasText: file });
    await waitUntil(
      'the explorer shows it',
      () => row.count(),
      (count) => count === 1,
    );
    await workbench.screenshot('session-revealed');
  });

  it('drains what a filter leaves, and keeps it in the session', async () => {
    await workbench.openViewContainer('Autopack');
    await workbench.runCommand('Autopack: Filter Runs…');
    await workbench.quickInput.rows.filter({ hasText: 'queued' }).first().click();
    await workbench.quickInput.type('LIST');
    await workbench.page.keyboard.press('Enter');
    await workbench.tree.row(/2 queued of 10 phases/).waitFor();
    await workbench.runCommand('Autopack: Drain…');
    await workbench.quickInput.rows.filter({ hasText: 'What the view shows: queued, "LIST"' }).click();
    await workbench
      .dialog('Drain 2 phases that match')
      .getByRole('button', { name: 'Drain 2 Phases' })
      .click();
    await workbench.page.getByText('No phase matches the filter.').waitFor({ timeout: 60_000 });
    await workbench.tree.rows.filter({ hasText: '2 complete · 2 samples' }).nth(1).waitFor();
    await workbench.screenshot('filtered-and-drained');
    const drained = workbench.tree.rows.filter({ hasText: '2 complete · 2 samples' }).first();
    assert.match(await workbench.hover(drained.locator('.label-name').first()), /Only.*QUEUED, "LIST"/);
    assert.deepEqual(complete(), [chosen[0], 'telemetry-p3-list-util', 'telemetry-p8-list-tests', chosen[1]]);
    const sessions = join(folder, '.autonomous_runs', 'batch_drain_sessions');
    const newest =
      readdirSync(sessions)
        .filter((name) => name.startsWith('hygiene-'))
        .sort()
        .at(-1) ?? '';
    const { version, options } = hygieneSession.parse(
      JSON.parse(readFileSync(join(sessions, newest), 'utf8')),
    );
    const match = { text: 'LIST', categories: [], complexities: [] };
    assert.deepEqual([version, options.states, options.match], [3, ['QUEUED'], match]);
  });
});
