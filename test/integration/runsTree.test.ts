import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import * as vscode from 'vscode';
import { queryDatabase } from '../support/queryDatabase.ts';
import type { TestAccess } from '../../src/extension.ts';
import { commandIds } from '../../src/editor/ids.ts';
import { commit, copyIntoWorkspace, databasesToTest, seedDatabaseInWorkspace } from './support/databases.ts';
import { extensionUnderTest, inWorkspace } from './support/extensionUnderTest.ts';
import { phaseRows, treeContent } from './support/treeContent.ts';

describe('the Runs view', () => {
  let api: TestAccess;

  before(async () => {
    api = await extensionUnderTest();
  });

  afterEach(async () => {
    await rm(inWorkspace('tree.db'), { force: true });
  });

  it('shows a seeded run with its ten phases in order, and leaves its only tier out', async () => {
    await api.selected.select(await seedDatabaseInWorkspace('tree.db'));
    const [run, ...others] = await treeContent(api.tree);
    assert.deepEqual(others, []);
    assert.equal(run?.label, 'telemetry-collection-v4');
    assert.equal(run.contextValue, 'run;drainable');
    assert.match(run.description, /^10 queued · created · \d{4}-\d\d-\d\d$/);
    assert.deepEqual(
      run.children.map(({ label }) => label),
      queryDatabase(inWorkspace('tree.db'), 'SELECT phase_id FROM phases ORDER BY phase_index').map(
        ({ phase_id: id }) => id,
      ),
    );
    const [first] = run.children;
    assert.equal(first?.kind, 'phase');
    assert.equal(first.description, 'implementation · low');
    assert.equal(first.contextValue, 'phase;drainable');
  });

  it('shows a long list five hundred runs at a time', async () => {
    const path = await seedDatabaseInWorkspace('tree.db');
    commit(
      path,
      `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1202)
       INSERT INTO runs SELECT printf('run-%04d', i), state, created_at, updated_at, started_at, completed_at, safety_profile,
         run_scope, token_cap, max_phases, max_duration_minutes, max_minor_issues_total, tokens_used, ci_runs_used,
         minor_issues_count, major_issues_count, promotion_eligible_to_main, debt_status, failure_reason, goal_anchor
       FROM n, runs`,
    );
    await api.selected.select(path);
    const shown: number[] = [];
    for (let page = 0; page < 3; page += 1) {
      const nodes = await api.tree.getChildren();
      shown.push(nodes.filter(({ kind }) => kind === 'run').length);
      assert.equal(nodes.at(-1)?.kind, page < 2 ? 'loadMore' : 'run');
      await vscode.commands.executeCommand(commandIds.loadMoreRuns);
    }
    assert.deepEqual(shown, [500, 1000, 1203]);
  });

  it('keeps phases apart that have the same id in one run, as old files do', async () => {
    const path = await seedDatabaseInWorkspace('tree.db');
    commit(
      path,
      `PRAGMA foreign_keys = OFF; CREATE TABLE old_phases AS SELECT * FROM phases; DROP TABLE phases; ALTER TABLE old_phases RENAME TO phases;
       UPDATE phases SET phase_id = 'twin' WHERE phase_index < 2`,
    );
    await api.selected.select(path);
    const [run] = await treeContent(api.tree);
    assert.equal(run?.children.filter(({ label }) => label === 'twin').length, 2);
    const ids: unknown[] = [];
    for (const node of await api.tree.getChildren()) {
      for (const child of await api.tree.getChildren(node)) ids.push(api.tree.getTreeItem(child).id);
    }
    assert.equal(new Set(ids).size, 10);
  });

  for (const source of databasesToTest()) {
    it(`shows of ${source.name} what SQLite counts`, async () => {
      const path = copyIntoWorkspace(source);
      await api.selected.select(path);
      const rows = await treeContent(api.tree);
      const runs = queryDatabase(path, 'SELECT id FROM runs ORDER BY created_at DESC').map(({ id }) => id);
      assert.deepEqual(rows.map(({ label }) => label).sort(), [...runs].sort());
      assert.equal(rows[0]?.label, runs[0], 'newest first');
      const [{ phases } = {}] = queryDatabase(path, 'SELECT count(*) AS phases FROM phases');
      assert.equal(phaseRows(rows).length, phases);
      for (const run of rows) {
        const [{ tiers } = {}] = queryDatabase(
          path,
          'SELECT count(*) AS tiers FROM tiers WHERE run_id = ?',
          run.label,
        );
        const shown = run.children.filter(({ kind }) => kind === 'tier').length;
        assert.equal(shown, Number(tiers) > 1 ? tiers : 0, run.label);
        const states = queryDatabase(
          path,
          'SELECT upper(state) AS state, count(*) AS n FROM phases WHERE run_id = ? GROUP BY 1',
          run.label,
        );
        const counted = states.reduce((sum, { n }) => sum + Number(n), 0);
        assert.equal(phaseRows(run.children).length, counted, run.label);
        for (const { state, n } of states) {
          const word = String(state).toLowerCase().replace('gate', 'at gate');
          assert.ok(run.description.includes(`${String(n)} ${word}`), `${run.label}: ${run.description}`);
        }
      }
      await rm(path);
    });
  }
});
