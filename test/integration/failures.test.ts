import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import * as vscode from 'vscode';
import type { TestAccess } from '../../src/extension.ts';
import { commandIds } from '../../src/editor/ids.ts';
import { commit, seedDatabaseInWorkspace } from './support/databases.ts';
import { Dialogs } from './support/dialogs.ts';
import { extensionUnderTest, inWorkspace } from './support/extensionUnderTest.ts';
import { rowText } from './support/rowText.ts';

describe('the rows of the Failures view', () => {
  let api: TestAccess;
  let path: string;

  before(async () => {
    api = await extensionUnderTest();
    path = await seedDatabaseInWorkspace('failed.db');
    commit(
      path,
      `UPDATE phases SET state = 'FAILED', last_failure_reason = 'Phase timeout after ' || (900 + phase_index) || ' seconds'
         WHERE phase_index < 3;
       UPDATE phases SET state = 'FAILED', last_failure_reason = 'max_attempts_exhausted' WHERE phase_index = 5`,
    );
    await api.selected.select(path);
  });

  after(() => rm(inWorkspace('failed.db'), { force: true }));

  const labels = async (): Promise<string[]> =>
    (await api.failures.getChildren()).map((node) =>
      rowText(api.failures.getTreeItem(node)).replace(/ · \d{4}-.*/, ''),
    );

  it('groups what failed alike, the largest first', async () => {
    assert.deepEqual(await labels(), [
      'phase timeout after <n> | 3 phases · 1 run',
      'max_attempts_exhausted | 1 phase · 1 run',
    ]);
    const [timeouts] = await api.failures.getChildren();
    assert.equal((await api.failures.getChildren(timeouts)).length, 3);
  });

  it('follows the database', async () => {
    commit(path, "UPDATE phases SET state = 'QUEUED' WHERE phase_index = 5");
    await api.failures.refresh();
    assert.deepEqual(await labels(), ['phase timeout after <n> | 3 phases · 1 run']);
  });

  it('asks before it drains the latest of a cluster, and says so where there is none any more', async () => {
    const dialogs = new Dialogs();
    try {
      const [cluster] = await api.failures.getChildren();
      await vscode.commands.executeCommand(commandIds.drainSample, cluster);
      assert.ok(dialogs.find(/^Drain the phase telemetry-p\d-.* of telemetry-collection-v4\?/));
      await vscode.commands.executeCommand(commandIds.drainSample, { fingerprint: 'h2:gone' });
      assert.ok(dialogs.find(/No phase fails this way any longer/));
    } finally {
      dialogs.dispose();
    }
  });

  it('copies the fingerprint of a cluster', async () => {
    const [cluster] = await api.failures.getChildren();
    await vscode.commands.executeCommand(commandIds.copyFingerprint, cluster);
    assert.match(await vscode.env.clipboard.readText(), /:phase timeout after <n>$/);
  });
});
