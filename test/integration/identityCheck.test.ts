import assert from 'node:assert/strict';
import { copyFile, readFile, rename, rm, writeFile } from 'node:fs/promises';
import * as vscode from 'vscode';
import type { TestAccess } from '../../src/extension.ts';
import { commandIds, type CommandName } from '../../src/editor/ids.ts';
import { queryDatabase } from '../support/queryDatabase.ts';
import { seedDatabaseInWorkspace } from './support/databases.ts';
import { Dialogs } from './support/dialogs.ts';
import { extensionUnderTest, inWorkspace } from './support/extensionUnderTest.ts';
import { waitFor } from './support/waitFor.ts';

const runId = 'telemetry-collection-v4';
const contentOf = (path: string): unknown =>
  queryDatabase(path, 'SELECT run_id, phase_id, state FROM phases');

describe('a database with issues', function () {
  this.timeout(60_000);
  let api: TestAccess;
  let dialogs: Dialogs;
  let a: string;

  before(async () => {
    api = await extensionUnderTest();
  });

  beforeEach(async () => {
    dialogs = new Dialogs();
    a = await seedDatabaseInWorkspace('a.db');
  });

  afterEach(async () => {
    dialogs.dispose();
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    for (const name of ['a.db', 'copy.db', 'new.db', '.env', '.autopack-hygiene'])
      await rm(inWorkspace(name), { recursive: true, force: true });
  });

  const run = (command: CommandName, ...args: readonly unknown[]): Thenable<unknown> =>
    vscode.commands.executeCommand(commandIds[command], ...args);

  it('shows them in the confirmation of a drain', async () => {
    await api.selected.select(a);
    // What names a database is noted with the first write, and a change is asked about from then on.
    await run('drain');
    await writeFile(inWorkspace('.env'), 'DATABASE_URL=sqlite:///elsewhere.db\n');
    dialogs.asked.length = 0;
    dialogs.press('Confirm and Continue');
    await run('drain');
    assert.match(dialogs.find(/^Drain 10 phases/)?.detail ?? '', /^\u26a0 DATABASE_URL in .*elsewhere\.db/);
  });

  it('that is a copy is asked about: Enter selects the original first, and the copy is trusted only on a word of its own', async () => {
    await api.selected.select(a);
    await run('requeueRun', { runId });
    await run('drain');
    await copyFile(a, inWorkspace('copy.db'));
    const copy = inWorkspace('copy.db');
    await api.selected.select(copy);
    const before = contentOf(copy);
    for (const command of ['drain', 'seedRun', 'adoptDatabase'] as const) {
      dialogs.asked.length = 0;
      await run(command);
      const { buttons = [], detail = '' } = dialogs.find(/copy\.db/) ?? {};
      assert.deepEqual(buttons, ['Select a.db', 'Trust This File'], command);
      assert.match(detail, /a copy of a\.db: the same identity, another file/);
    }
    dialogs.press('Select a.db');
    await run('drain');
    assert.equal(api.selected.path, a);
    assert.deepEqual(contentOf(copy), before);
  });

  describe('is not cleared by Check Database Identity', () => {
    it('on a copy while .env names another file: it says both, first', async () => {
      await api.selected.select(a);
      await run('drain');
      await copyFile(a, inWorkspace('copy.db'));
      await writeFile(inWorkspace('.env'), 'DATABASE_URL=sqlite:///elsewhere.db\n');
      await api.selected.select(inWorkspace('copy.db'));
      dialogs.asked.length = 0;
      await run('checkIdentity');
      const [check] = dialogs.asked;
      assert.match(check?.message ?? '', /^\d issues: .*copy\.db is a copy.*DATABASE_URL in .*elsewhere\.db/);
      assert.deepEqual(check?.buttons, ['Show Issues']);
      const document = vscode.workspace.textDocuments.find(({ uri }) => uri.scheme === 'autopack-identity');
      await waitFor(() => /## \d issues\n\n- .*copy\\?\.db is a copy/.test(document?.getText() ?? ''));
    });

    it('once another file has taken the place of the selected one, which it says although it has looked', async () => {
      await api.selected.select(a);
      await run('drain');
      const content = await readFile(a);
      await writeFile(inWorkspace('new.db'), content);
      await rename(inWorkspace('new.db'), a);
      await waitFor(() => api.selected.state.kind === 'ready' && api.selected.state.replaced);
      dialogs.asked.length = 0;
      await run('checkIdentity');
      assert.match(dialogs.asked[0]?.message ?? '', /Another file took the place of a\.db/);
      assert.deepEqual(dialogs.asked[0]?.buttons, ['Show Issues']);
    });
  });
});
