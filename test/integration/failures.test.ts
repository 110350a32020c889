import assert from 'node:assert/strict';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import * as vscode from 'vscode';
import type { TestAccess } from '../../src/extension.ts';
import { commandIds } from '../../src/editor/ids.ts';
import { waitUntil } from '../e2e/support/waitUntil.ts';
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
      rowText(api.failures.getTreeItem(node))
        .replace(/ · \d{4}-.*/, '')
        .replace(/after 90\d/, 'after 90x'),
    );

  it('groups what failed alike, the largest first', async () => {
    assert.deepEqual(await labels(), [
      'Phase timeout after 90x seconds | 3 phases · 1 run',
      'max_attempts_exhausted | 1 phase · 1 run',
    ]);
    const [timeouts] = await api.failures.getChildren();
    assert.equal((await api.failures.getChildren(timeouts)).length, 3);
  });

  it('follows the database', async () => {
    commit(path, "UPDATE phases SET state = 'QUEUED' WHERE phase_index = 5");
    await api.failures.refresh();
    assert.deepEqual(await labels(), ['Phase timeout after 90x seconds | 3 phases · 1 run']);
  });

  it('looks in the reports that Autopack left for what the database does not say', async () => {
    const id = 'telemetry-p8-list-tests';
    commit(path, `UPDATE phases SET state = 'FAILED', last_failure_reason = NULL WHERE phase_id = '${id}'`);
    const errors = inWorkspace('.autonomous_runs', 'telemetry-collection-v4', 'errors');
    await mkdir(errors, { recursive: true });
    const report = {
      phase_id: id,
      error_type: 'KeyError',
      error_message: 'no tier',
      timestamp: '2025-12-24T10:00:00Z',
    };
    await writeFile(`${errors}/20251224_100000_KeyError.json`, JSON.stringify(report));
    try {
      await api.failures.refresh();
      const found = await waitUntil('it is found', labels, (rows) =>
        rows.some((row) => row.startsWith('KeyError')),
      );
      assert.ok(found.includes('KeyError: no tier | 1 phase · 1 run'), found.join());
      const node = (await api.failures.getChildren()).find((each) =>
        rowText(each.treeItem()).startsWith('KeyError'),
      );
      const { value } = node?.tooltip() ?? {};
      assert.match(value ?? '', /Source.*Autopack's error report/);
    } finally {
      await rm(inWorkspace('.autonomous_runs', 'telemetry-collection-v4'), { recursive: true, force: true });
      commit(path, `UPDATE phases SET state = 'QUEUED' WHERE phase_id = '${id}'`);
      await api.failures.refresh();
    }
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
