import assert from 'node:assert/strict';
import { copyFile, writeFile } from 'node:fs/promises';
import { DatabaseSync } from 'node:sqlite';
import { GuardWorld, suiteReader } from '../support/guard/guardWorld.ts';
import { openWorkbench } from './support/openWorkbench.ts';
import { temporaryWorkspace } from './support/temporaryWorkspace.ts';
import { waitUntil } from './support/waitUntil.ts';
import type { Workbench } from './support/workbench.ts';

describe('a confirmation belongs to the database it shows', () => {
  const reader = suiteReader();
  let world: GuardWorld;
  let workbench: Workbench;

  before(async () => {
    world = new GuardWorld(await temporaryWorkspace(), reader());
    await world.make('first.db');
    await world.make('second.db');
    await copyFile(world.path('first.db'), world.path('zcopy.db'));
    workbench = await openWorkbench({ folder: world.folder });
    workbench.page.setDefaultTimeout(40_000);
    await workbench.openViewContainer('Autopack');
    await workbench.statusBar.item('no database selected').waitFor();
    await workbench.resizeSideBar(360);
  });

  after(() => workbench.dispose());

  /** Asks SQLite itself. */
  function states(name: string): unknown {
    const database = new DatabaseSync(world.path(name), { readOnly: true });
    try {
      const rows = database.prepare('SELECT state, count(*) AS n FROM phases GROUP BY state').all();
      return Object.fromEntries(rows.map(({ state, n }) => [String(state), Number(n)]));
    } finally {
      database.close();
    }
  }

  async function openPick(name: string): Promise<void> {
    await workbench.runCommand('Autopack: Select Database');
    await waitUntil(
      `${name} was looked into`,
      () => workbench.quickInput.texts(),
      (rows) => rows.some((row) => row.startsWith(name) && row.includes('10 phases')),
    );
  }

  async function select(name: string): Promise<void> {
    await openPick(name);
    await workbench.quickInput.type(name);
    await workbench.quickInput.pickDatabase(name);
    await workbench.statusBar.read(name);
  }

  const plan = (): ReturnType<typeof workbench.webview> => workbench.webview();

  async function showPlan(): Promise<void> {
    await workbench.runCommand('Autopack: Drain…');
    const question = workbench.dialog('Drain 10 phases?');
    await question.waitFor();
    await question.getByRole('button', { name: 'Show Plan' }).click();
    await plan().getByRole('heading', { name: 'Drain plan' }).waitFor();
  }

  it('marks copies in Select Database, and Enter takes none', async () => {
    await openPick('zcopy.db');
    const rows = await workbench.quickInput.texts();
    assert.match(rows.find((row) => row.startsWith('zcopy.db')) ?? '', /a copy of first\.db/);
    await workbench.screenshot('select-copies');
    const focused = workbench.quickInput.rows.and(workbench.page.locator('.focused'));
    await waitUntil(
      'a sound database is the one Enter takes',
      () => focused.allInnerTexts(),
      (texts) => texts.length === 1 && !texts.join('').includes('copy'),
    );
    await workbench.quickInput.cancel();
  });

  it('withdraws the plan of a drain when another database is selected, and drains neither', async () => {
    await select('first.db');
    await showPlan();
    await plan().getByText('telemetry seed').first().waitFor();
    await plan().getByText(world.path('first.db')).waitFor();
    await workbench.editorAction('Drain').waitFor();
    await workbench.editorAction('Cancel').waitFor();
    await workbench.screenshot('drain-plan');
    await select('second.db');
    await workbench
      .notification(
        'The drain plan for first.db no longer applies: second.db is selected now. Nothing was drained.',
      )
      .waitFor();
    await plan().getByText('This plan no longer applies').waitFor();
    await workbench.editorAction('Drain').waitFor({ state: 'detached' });
    await workbench.screenshot('drain-plan-withdrawn');
    assert.deepEqual([states('first.db'), states('second.db')], [{ QUEUED: 10 }, { QUEUED: 10 }]);
    await workbench.runCommand('Notifications: Clear All Notifications');
    await workbench.runCommand('View: Close All Editors');
  });

  it('gives a plan up on Cancel, and drains on Drain what it names', async () => {
    await showPlan();
    await workbench.editorAction('Cancel').click();
    await workbench.editorAction('Cancel').waitFor({ state: 'detached' });
    assert.deepEqual(states('second.db'), { QUEUED: 10 });
    await showPlan();
    await plan().getByText(world.path('second.db')).waitFor();
    await workbench.editorAction('Drain').click();
    await workbench.notification('10 phases drained').waitFor({ timeout: 60_000 });
    assert.deepEqual([states('first.db'), states('second.db')], [{ QUEUED: 10 }, { COMPLETE: 10 }]);
    await workbench.runCommand('Notifications: Clear All Notifications');
    await workbench.runCommand('View: Close All Editors');
  });

  it('voids what a notification offers, too', async () => {
    await select('first.db');
    await workbench.runCommand('Autopack: Check Database Identity');
    const checked = workbench.notification('first.db is a telemetry seed database');
    await checked.waitFor();
    await select('second.db');
    await checked.getByRole('button', { name: 'Drain…' }).click();
    await workbench.notification('"Drain…" no longer applies: second.db is selected now.').waitFor();
    await workbench.screenshot('offer-void');
    assert.deepEqual(states('first.db'), { QUEUED: 10 });
    await workbench.runCommand('Notifications: Clear All Notifications');
    await workbench.runCommand('View: Close All Editors');
  });

  it('does not clear a copy while .env names another file, and offers no drain', async () => {
    await writeFile(world.path('.env'), 'DATABASE_URL=sqlite:///first.db\n');
    await select('zcopy.db');
    await waitUntil(
      'the status bar warns',
      () => workbench.statusBar.read('zcopy.db'),
      ({ kind, text }) => kind === 'warning' && text.includes('copy'),
    );
    await workbench.runCommand('Autopack: Check Database Identity');
    const checked = workbench.notification(/\d issues: /);
    await checked.waitFor();
    const text = await checked.innerText();
    assert.match(text, /zcopy\.db is a copy/);
    assert.match(text, /DATABASE_URL in .*\.env/);
    assert.equal(await checked.getByRole('button', { name: 'Drain…' }).count(), 0);
    await workbench
      .webview()
      .getByRole('heading', { name: /^\d issues$/ })
      .waitFor();
    await workbench.screenshot('check-identity-issues');
    await checked.getByRole('button', { name: 'Show Issues' }).click();
    await workbench.tree.row('Copy or restored file').waitFor();
    await workbench.runCommand('Notifications: Clear All Notifications');
    await workbench.runCommand('View: Close All Editors');
  });

  it('asks about a copy with the original as what Enter selects', async () => {
    await workbench.runCommand('Autopack: Drain…');
    const question = workbench.dialog('zcopy.db is a copy of first.db.');
    await question.waitFor();
    await workbench.screenshot('copy-question');
    await workbench.page.keyboard.press('Enter');
    await question.waitFor({ state: 'detached' });
    await workbench.statusBar.read('first.db');
    assert.deepEqual(states('zcopy.db'), { QUEUED: 10 });
  });

  it('shows active warnings in the confirmation of a drain', async () => {
    await writeFile(world.path('.env'), 'DATABASE_URL=sqlite:///second.db\n');
    await waitUntil(
      'the status bar warns',
      () => workbench.statusBar.read('first.db'),
      ({ text }) => text.includes('drift'),
    );
    await workbench.runCommand('Autopack: Drain…');
    const changed = workbench.dialog('A database source changed');
    await changed.getByRole('button', { name: 'Confirm and Continue' }).click();
    const question = workbench.dialog('Drain 10 phases?');
    await question.waitFor();
    assert.match(await question.innerText(), /DATABASE_URL in .*names?|DATABASE_URL in .*second\.db/);
    await workbench.screenshot('drain-with-warnings');
    await question.getByRole('button', { name: 'Cancel' }).click();
  });
});
