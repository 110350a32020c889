import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import type { TestAccess } from '../../src/extension.ts';
import type { RunsTreeNode } from '../../src/editor/runs/runsTreeNode.ts';
import { commit, seedDatabaseInWorkspace } from './support/databases.ts';
import { extensionUnderTest, inWorkspace } from './support/extensionUnderTest.ts';
import { treeContent } from './support/treeContent.ts';

const limitMs = 2000;

describe('the Runs view follows the file', () => {
  let api: TestAccess;

  before(async () => {
    api = await extensionUnderTest();
  });

  afterEach(() => rm(inWorkspace('followed.db'), { force: true }));

  /** What the view is told to refresh by a commit of another program. */
  async function refreshedBy(path: string, sql: string): Promise<readonly RunsTreeNode[] | 'all'> {
    const told = new Promise<readonly RunsTreeNode[] | 'all'>((resolve, reject) => {
      const timer = setTimeout(() => {
        listening.dispose();
        reject(new Error(`Nothing was refreshed within ${limitMs} ms.`));
      }, limitMs);
      const listening = api.tree.onDidChangeTreeData((nodes) => {
        clearTimeout(timer);
        listening.dispose();
        resolve(nodes ?? 'all');
      });
    });
    commit(path, sql);
    return told;
  }

  async function openSeededRun(): Promise<string> {
    const path = await seedDatabaseInWorkspace('followed.db');
    await api.selected.select(path);
    await treeContent(api.tree);
    return path;
  }

  for (const mode of ['DELETE', 'WAL']) {
    it(`refreshes the run and the phase that changed, and nothing else, in ${mode} mode`, async () => {
      const path = await openSeededRun();
      commit(path, `PRAGMA journal_mode = ${mode}`);
      // The change of the mode itself is a change of the file, but of no row.
      await delay(1500);
      const [run] = await api.tree.getChildren();
      const nodes = await refreshedBy(
        path,
        "UPDATE phases SET state = 'COMPLETE', tokens_used = 1234 WHERE phase_id = 'telemetry-p3-list-util'",
      );
      assert.ok(nodes !== 'all');
      const names = nodes.map((node) => (node.kind === 'phase' ? node.phaseId : node.kind)).sort();
      assert.deepEqual(names, ['run', 'telemetry-p3-list-util']);
      assert.equal(
        (await api.tree.getChildren())[0],
        run,
        'the same row, so that it stays open and selected',
      );
      const [shown] = await treeContent(api.tree);
      assert.match(shown?.description ?? '', /^9 queued, 1 complete/);
      assert.deepEqual(
        shown?.children.filter(({ icon }) => icon === 'pass').map(({ description }) => description),
        ['implementation · medium · 1.2K tokens'],
      );
    });
  }

  it('shows a run that another program adds', async () => {
    const path = await openSeededRun();
    const told = await refreshedBy(
      path,
      `INSERT INTO runs SELECT 'added', state, '2099-01-01 00:00:00', updated_at, started_at, completed_at, safety_profile,
         run_scope, token_cap, max_phases, max_duration_minutes, max_minor_issues_total, tokens_used, ci_runs_used,
         minor_issues_count, major_issues_count, promotion_eligible_to_main, debt_status, failure_reason, goal_anchor FROM runs`,
    );
    assert.equal(told, 'all');
    const rows = await treeContent(api.tree);
    assert.deepEqual(
      rows.map(({ label }) => label),
      ['added', 'telemetry-collection-v4'],
    );
    assert.equal(rows[0]?.description, 'no phases · created · 2099-01-01');
  });

  it('refreshes nothing when the file is touched but no row is changed', async () => {
    const path = await openSeededRun();
    let told = 0;
    const listening = api.tree.onDidChangeTreeData(() => {
      told += 1;
    });
    commit(path, "UPDATE runs SET state = state WHERE id = 'telemetry-collection-v4'");
    await delay(limitMs);
    listening.dispose();
    assert.equal(told, 0);
  });
});
