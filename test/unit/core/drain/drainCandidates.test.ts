import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { TolerantSchema } from '../../../../src/core/db/tolerantSchema.ts';
import type { DrainBacklog, DrainScope } from '../../../../src/core/queries/candidates.ts';
import { UserFacingError } from '../../../../src/core/errors.ts';
import { anyPhase, type PhaseMatch } from '../../../../src/core/model/phaseFilter.ts';
import { drainCandidates } from '../../../../src/core/drain/drainCandidates.ts';
import { databaseSources } from '../../../support/data/dataSources.ts';
import { nativeReadDatabase } from '../../../support/nativeReadDatabase.ts';

function read(database: DatabaseSync, scope: DrainScope = { kind: 'all' }): DrainBacklog {
  const db = nativeReadDatabase(database);
  return drainCandidates({ db, schema: TolerantSchema.read(db) }, scope);
}

describe('drainCandidates', () => {
  function database(): DatabaseSync {
    const made = new DatabaseSync(':memory:');
    made.exec(`CREATE TABLE runs (id TEXT PRIMARY KEY);
      CREATE TABLE phases (id INTEGER PRIMARY KEY, run_id TEXT, phase_id TEXT, phase_index INTEGER, state TEXT, last_failure_reason TEXT);
      CREATE INDEX by_state ON phases (state);
      INSERT INTO runs VALUES ('a'), ('b'), ('idle');
      INSERT INTO phases VALUES (1, 'a', 'p1', 0, 'FAILED', 'PATCH_FAILED'), (2, 'a', 'p2', 1, 'queued', NULL),
        (3, 'b', 'p1', 0, 'Queued ', ''), (4, 'b', 'p2', 1, 'COMPLETE', NULL), (5, 'b', 'p3', 2, 'executing', NULL),
        (6, 'a', 'p1', 0, 'FAILED', 'twice'), (7, 'a', 'p4', 'x', NULL, NULL)`);
    return made;
  }

  it('takes QUEUED and FAILED in any letter case, each key once, and counts every state', () => {
    const backlog = read(database());
    assert.deepEqual(backlog.candidates, [
      {
        rowId: 1,
        runId: 'a',
        phaseId: 'p1',
        tierIndex: 999,
        phaseIndex: 0,
        state: 'FAILED',
        failureClass: 'patch',
        tokenCap: null,
      },
      {
        rowId: 2,
        runId: 'a',
        phaseId: 'p2',
        tierIndex: 999,
        phaseIndex: 1,
        state: 'QUEUED',
        failureClass: 'none',
        tokenCap: null,
      },
      {
        rowId: 3,
        runId: 'b',
        phaseId: 'p1',
        tierIndex: 999,
        phaseIndex: 0,
        state: 'QUEUED',
        failureClass: 'none',
        tokenCap: null,
      },
    ]);
    assert.deepEqual(backlog.phaseStates, { COMPLETE: 1, EXECUTING: 1, FAILED: 2, QUEUED: 2, UNKNOWN: 1 });
    assert.deepEqual([backlog.databaseIsEmpty, backlog.hasTelemetryTable], [false, false]);
  });

  it('reads one run, and knows a run without phases from an unknown one', () => {
    const ofB = read(database(), { kind: 'run', runId: 'b' });
    assert.deepEqual(
      ofB.candidates.map(({ phaseId }) => phaseId),
      ['p1'],
    );
    assert.deepEqual(ofB.phaseStates, { COMPLETE: 1, EXECUTING: 1, QUEUED: 1 });
    assert.equal(read(database(), { kind: 'run', runId: 'idle' }).runIsKnown, true);
    assert.equal(read(database(), { kind: 'run', runId: 'nobody' }).runIsKnown, false);
  });

  it('knows the queued phases of the same runs that are out of scope, which an executor may run first', () => {
    const made = database();
    made.exec(`INSERT INTO phases VALUES (8, 'b', 'p0', -1, 'QUEUED', NULL);
      ALTER TABLE phases ADD COLUMN tier_id TEXT; UPDATE phases SET tier_id = 'T1' WHERE id = 8; UPDATE phases SET tier_id = 7 WHERE id = 3;
      CREATE TABLE tiers (id INTEGER PRIMARY KEY, tier_id TEXT, run_id TEXT, tier_index INTEGER);
      INSERT INTO tiers VALUES (7, 'T0', 'b', 0), (8, 'T1', 'b', 1), (9, 'T1', 'a', 5)`);
    const others = (scope: DrainScope): unknown[] =>
      read(made, scope).otherQueued.map(({ runId, phaseId, tierIndex }) => [runId, phaseId, tierIndex]);
    const chosen = { kind: 'phases', keys: [{ runId: 'b', phaseId: 'p1' }] } as const;
    assert.deepEqual(others(chosen), [['b', 'p0', 1]], 'by the name of the tier, within its run');
    assert.equal(read(made, chosen).candidates[0]?.tierIndex, 0, 'by its row id');
    const match: PhaseMatch = { ...anyPhase, text: 'p1' };
    assert.deepEqual(others({ kind: 'all', match }), [
      ['a', 'p2', 999],
      ['b', 'p0', 1],
    ]);
    assert.deepEqual(others({ kind: 'all' }), [], 'all of them are in scope');
  });

  it('reads chosen phases, and says which of them cannot be drained', () => {
    const keys = ['p1', 'p2', 'p9', 'p1'].map((phaseId) => ({ runId: 'b', phaseId }));
    const { candidates, refused, phaseStates } = read(database(), { kind: 'phases', keys });
    assert.deepEqual(
      candidates.map(({ rowId }) => rowId),
      [3],
    );
    assert.deepEqual(refused, [
      { runId: 'b', phaseId: 'p2', state: 'COMPLETE' },
      { runId: 'b', phaseId: 'p9', state: null },
    ]);
    assert.deepEqual(phaseStates, { QUEUED: 1, COMPLETE: 1 });
  });

  it('reads what matches, and counts what matches in every state', () => {
    const made = database();
    made.exec(`ALTER TABLE phases ADD COLUMN task_category TEXT; ALTER TABLE phases ADD COLUMN name TEXT;
      UPDATE phases SET task_category = 'Docs' WHERE id IN (2, 3, 4); UPDATE phases SET name = 'Ärger' WHERE id = 3`);
    const found = (match: Partial<PhaseMatch>, runId?: string): unknown => {
      const about = { match: { ...anyPhase, ...match } };
      const scope = runId === undefined ? { kind: 'all' as const } : { kind: 'run' as const, runId };
      const { candidates, phaseStates } = read(made, { ...scope, ...about });
      return [candidates.map(({ rowId }) => rowId), phaseStates];
    };
    assert.deepEqual(found({ text: 'P1' }), [[1, 3], { FAILED: 2, QUEUED: 1 }]);
    assert.deepEqual(found({ text: 'ärger' }), [[3], { QUEUED: 1 }]);
    assert.deepEqual(found({ categories: ['docs'] }), [[2, 3], { QUEUED: 2, COMPLETE: 1 }]);
    assert.deepEqual(found({ categories: ['docs'] }, 'b'), [[3], { QUEUED: 1, COMPLETE: 1 }]);
    assert.deepEqual(found({ complexities: ['low'] }), [[], {}], 'the column is missing');
  });

  it('finds nothing to drain where no column tells the state', () => {
    const stateless = new DatabaseSync(':memory:');
    stateless.exec(`CREATE TABLE phases (run_id TEXT, phase_id TEXT); INSERT INTO phases VALUES ('a', 'p')`);
    assert.deepEqual(read(stateless).phaseStates, { UNKNOWN: 1 });
    assert.deepEqual(read(stateless).candidates, []);
    const matched = read(stateless, { kind: 'all', match: { ...anyPhase, text: 'p' } });
    assert.deepEqual([matched.phaseStates, matched.candidates], [{ UNKNOWN: 1 }, []]);
  });

  it('says when the database is empty, or none of ours', () => {
    const empty = new DatabaseSync(':memory:');
    empty.exec('CREATE TABLE phases (run_id TEXT, phase_id TEXT, phase_index INTEGER, state TEXT)');
    assert.equal(read(empty).databaseIsEmpty, true);
    assert.throws(
      () => read(new DatabaseSync(':memory:')),
      (error) => error instanceof UserFacingError && error.code === 'not-autopack',
    );
  });

  for (const source of [...databaseSources('oldest-backlog'), ...databaseSources('backlog')]) {
    it(`finds the backlog of an older schema, as SQLite counts it (${source.name})`, () => {
      const older = new DatabaseSync(source.path, { readOnly: true });
      const { candidates, phaseStates } = read(older);
      const counts = older
        .prepare('SELECT upper(state) AS state, count(*) AS n FROM phases GROUP BY 1')
        .all()
        .map(({ state, n }) => [String(state), Number(n)] as const);
      assert.deepEqual(phaseStates, Object.fromEntries(counts));
      assert.equal(candidates.length, (phaseStates.FAILED ?? 0) + (phaseStates.QUEUED ?? 0));
      assert.ok(candidates.length > 100);
    });
  }

  it('stays fast on 100,000 phases', function () {
    this.timeout(20_000);
    const large = new DatabaseSync(':memory:');
    large.exec(`CREATE TABLE phases (id INTEGER PRIMARY KEY, run_id TEXT, phase_id TEXT, phase_index INTEGER, state TEXT, last_failure_reason TEXT);
      CREATE INDEX by_state ON phases (state);
      WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000)
      INSERT INTO phases SELECT i, 'run-' || (i / 50), 'phase-' || (i % 50), i % 50, CASE i % 3 WHEN 0 THEN 'FAILED' ELSE 'COMPLETE' END, 'PATCH_FAILED' FROM n`);
    const started = performance.now();
    assert.equal(read(large).candidates.length, 33_333);
    assert.ok(performance.now() - started < 1500, `${performance.now() - started} ms`);
  });
});
