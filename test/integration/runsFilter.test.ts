import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import * as vscode from 'vscode';
import { queryDatabase } from '../support/queryDatabase.ts';
import { anyPhase, type PhaseFilter } from '../../src/core/model/phaseFilter.ts';
import type { TestAccess } from '../../src/extension.ts';
import { commandIds } from '../../src/editor/ids.ts';
import { commit, copyIntoWorkspace, databasesToTest, seedDatabaseInWorkspace } from './support/databases.ts';
import { extensionUnderTest, inWorkspace } from './support/extensionUnderTest.ts';
import { phaseRows, treeContent } from './support/treeContent.ts';

describe('the filter of the Runs view', () => {
  let api: TestAccess;

  before(async () => {
    api = await extensionUnderTest();
  });

  afterEach(async () => {
    await api.filter.set(null);
    await rm(inWorkspace('filtered.db'), { force: true });
  });

  const only = (filter: Partial<PhaseFilter>): Promise<void> => api.filter.set({ ...anyPhase, ...filter });

  for (const source of databasesToTest()) {
    it(`leaves of ${source.name} what SQLite finds`, async () => {
      const path = copyIntoWorkspace(source);
      await api.selected.select(path);
      for (const [filter, where] of [
        [{ states: ['FAILED'] }, `upper(state) = 'FAILED'`],
        [{ states: ['QUEUED'], text: 'TEST' }, `upper(state) = 'QUEUED' AND (${like('test')})`],
        [{ categories: ['docs'] }, `lower(task_category) IN ('docs', 'doc', 'documentation', 'doc_write')`],
      ] as const) {
        await only(filter);
        const rows = await treeContent(api.tree);
        const found = queryDatabase(
          path,
          `SELECT run_id, count(*) AS n FROM phases WHERE ${where} GROUP BY run_id`,
        );
        assert.deepEqual(
          rows.map(({ label, children }) => [label, phaseRows(children).length]).sort(),
          found.map(({ run_id: runId, n }) => [runId, n]).sort(),
          where,
        );
        assert.equal(api.tree.shown?.runs, found.length);
        assert.equal(api.tree.shown.phases, phaseRows(rows).length);
        assert.deepEqual(
          [{ n: api.tree.shown.runsInAll }],
          queryDatabase(path, 'SELECT count(*) AS n FROM runs'),
        );
      }
      await rm(path);
    });
  }

  it('follows commits, and is cleared by its command', async () => {
    const path = await seedDatabaseInWorkspace('filtered.db');
    await api.selected.select(path);
    await only({ states: ['FAILED'] });
    assert.deepEqual(await treeContent(api.tree), []);
    commit(path, `UPDATE phases SET state = 'failed' WHERE phase_index < 2`);
    await api.tree.refresh();
    const [run, ...others] = await treeContent(api.tree);
    assert.deepEqual(others, []);
    assert.match(run?.description ?? '', /^2 failed of 10 phases ·/);
    assert.equal(run?.children.length, 2);
    commit(path, `UPDATE phases SET state = 'COMPLETE' WHERE phase_index = 0`);
    await api.tree.refresh();
    assert.equal(phaseRows(await treeContent(api.tree)).length, 1);
    await vscode.commands.executeCommand(commandIds.clearRunsFilter);
    assert.equal(api.filter.active, null);
    assert.equal(phaseRows(await treeContent(api.tree)).length, 10);
  });
});

function like(text: string): string {
  return ['run_id', 'phase_id', 'name'].map((column) => `${column} LIKE '%${text}%'`).join(' OR ');
}
