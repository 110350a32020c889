import assert from 'node:assert/strict';
import { rm, writeFile } from 'node:fs/promises';
import * as vscode from 'vscode';
import type { TestAccess } from '../../src/extension.ts';
import { commandIds } from '../../src/editor/ids.ts';
import { formatLink, type LinkTarget } from '../../src/editor/links/linkText.ts';
import { seedDatabaseInWorkspace } from './support/databases.ts';
import { Dialogs } from './support/dialogs.ts';
import { extensionUnderTest, inWorkspace } from './support/extensionUnderTest.ts';

const phase = { runId: 'telemetry-collection-v4', phaseId: 'telemetry-p2-number-util' };

describe('links', () => {
  let api: TestAccess;
  let path: string;
  let other: string;
  let dialogs: Dialogs;

  before(async () => {
    api = await extensionUnderTest();
    path = await seedDatabaseInWorkspace('linked.db');
    other = await seedDatabaseInWorkspace('other-linked.db');
  });

  beforeEach(async () => {
    dialogs = new Dialogs();
    await api.selected.select(path);
  });

  afterEach(async () => {
    dialogs.dispose();
    await api.filter.set(null);
  });

  after(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await Promise.all([path, other, inWorkspace('text.db')].map((file) => rm(file, { force: true })));
  });

  const open = (target: LinkTarget, database: string | null): Promise<void> =>
    api.openLink(formatLink({ target, database }));

  it('open a phase of the selected database without a question', async () => {
    await open({ kind: 'phase', ...phase }, path);
    assert.deepEqual(dialogs.asked, []);
    assert.equal(vscode.window.tabGroups.activeTabGroup.activeTab?.label, phase.phaseId);
  });

  it('select another database only when a person says so', async () => {
    const run = { kind: 'run', runId: phase.runId } as const;
    await open(run, other);
    assert.equal(api.selected.path, path);
    const asked = dialogs.find(
      /A link wants to show the run .* in other-linked\.db\. Select that database\?/,
    );
    assert.ok(
      asked?.detail.includes(other) && asked.detail.includes(`${path} is selected now`),
      asked?.detail,
    );
    dialogs.press('Select and Show');
    await open(run, other);
    assert.equal(api.selected.path, other);
  });

  it('lead to nothing where they name no database of Autopack, and leave the selection alone', async () => {
    await writeFile(inWorkspace('text.db'), 'no database');
    const run = { kind: 'run', runId: phase.runId } as const;
    for (const [database, code] of [
      [inWorkspace('text.db'), 'not-sqlite'],
      [inWorkspace('gone.db'), 'not-found'],
    ] as const) {
      dialogs.press('Select and Show');
      await assert.rejects(open(run, database), { code });
      assert.equal(api.selected.path, path);
    }
    await assert.rejects(api.openLink({ path: '/drain/everything', query: '' }), {
      code: 'invalid-argument',
    });
  });

  it('carry the filter, and are copied with their database', async () => {
    await open(
      { kind: 'runs', filter: { states: ['FAILED'], text: 'x', categories: [], complexities: [] } },
      path,
    );
    assert.deepEqual([api.filter.active?.states, api.filter.active?.text], [['FAILED'], 'x']);
    await vscode.commands.executeCommand(commandIds.copyLink, phase);
    const copied = vscode.Uri.parse(await vscode.env.clipboard.readText(), true);
    assert.equal(copied.authority, 'autopack-hygiene.autopack-hygiene');
    await api.filter.set(null);
    await api.openLink(copied);
    assert.deepEqual(dialogs.asked, []);
  });
});
