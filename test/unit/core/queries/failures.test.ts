import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { DecodeWarnings } from '../../../../src/core/db/columnReader.ts';
import { TolerantSchema } from '../../../../src/core/db/tolerantSchema.ts';
import type { FailureReport } from '../../../../src/core/failures/clusterFailures.ts';
import { failures } from '../../../../src/core/failures/failureReport.ts';
import { databaseSources } from '../../../support/data/dataSources.ts';
import { nativeReadDatabase } from '../../../support/nativeReadDatabase.ts';

function failuresOf(database: DatabaseSync, warnings = new DecodeWarnings()): FailureReport {
  const db = nativeReadDatabase(database);
  return failures({ db, schema: TolerantSchema.read(db), warnings });
}

function madeOf(sql: string): DatabaseSync {
  const database = new DatabaseSync(':memory:');
  database.exec(sql);
  return database;
}

const none: FailureReport = { failedPhases: 0, failedRuns: 0, clusters: [] };

describe('failures', () => {
  for (const { name, kind, path } of databaseSources()) {
    it(`agrees with SQLite on ${name}`, () => {
      const database = new DatabaseSync(path, { readOnly: true });
      const { failedPhases, failedRuns, clusters } = failuresOf(database);
      const counts = database
        .prepare(`SELECT count(*), count(DISTINCT run_id) FROM phases WHERE upper(state) = 'FAILED'`)
        .get();
      assert.deepEqual([failedPhases, failedRuns], Object.values(counts ?? {}));
      assert.equal(
        clusters.reduce((sum, { count }) => sum + count, 0),
        failedPhases,
      );
      if (kind !== 'backlog') return;
      const exhausted = clusters.find(({ maskedText }) => maskedText === 'max_attempts_exhausted');
      assert.deepEqual(
        [exhausted?.count, exhausted?.runs],
        Object.values(
          database
            .prepare(
              `SELECT count(*), count(DISTINCT run_id) FROM phases
               WHERE state = 'FAILED' AND last_failure_reason = 'MAX_ATTEMPTS_EXHAUSTED'`,
            )
            .get() ?? {},
        ),
      );
    });
  }

  it('takes FAILED phases in any spelling, and those alone', () => {
    const database = madeOf(`CREATE TABLE phases (run_id, phase_id, state, last_failure_reason, completed_at);
      INSERT INTO phases VALUES
        ('r1', 'a', 'FAILED', 'line 1', NULL), ('r1', 'b', 'failed', 'line 22', NULL),
        ('r2', 'c', ' Failed ', 'line 3', NULL), ('r2', 'd', 'QUEUED', 'line 4', NULL),
        ('r2', 'e', NULL, 'line 5', NULL), ('r3', 'f', 'COMPLETE', 'line 6', NULL)`);
    const { failedPhases, failedRuns, clusters } = failuresOf(database);
    assert.deepEqual([failedPhases, failedRuns, clusters.length], [3, 2, 1]);
  });

  it('asks the run where the phase says nothing, but not for the class', () => {
    const database = madeOf(`CREATE TABLE runs (id, failure_reason);
      CREATE TABLE phases (run_id, phase_id, state, last_failure_reason);
      INSERT INTO runs VALUES ('r1', 'import budget exhausted'), ('r2', NULL), ('r3', ' ');
      INSERT INTO phases VALUES ('r1', 'a', 'FAILED', NULL), ('r1', 'b', 'FAILED', 'its own timeout'),
        ('r2', 'a', 'FAILED', ''), ('r3', 'a', 'FAILED', NULL)`);
    const found = failuresOf(database).clusters.map((each) => [each.sample, each.failureClass, each.count]);
    assert.deepEqual(
      found.sort(),
      [
        ['import budget exhausted', 'none', 1],
        ['its own timeout', 'timeout', 1],
        [null, 'none', 2],
      ].sort(),
    );
  });

  it('says when: at completion, else at the last attempt, else at the last change', () => {
    const warnings = new DecodeWarnings();
    const database = madeOf(`CREATE TABLE phases (run_id, phase_id, state, last_failure_reason,
        completed_at, last_attempt_timestamp, updated_at);
      INSERT INTO phases VALUES
        ('r', 'a', 'FAILED', 'one', '2025-12-24 10:00:00.5', '2025-12-25', '2025-12-26'),
        ('r', 'b', 'FAILED', 'two', NULL, '2025-12-25T01:00:00Z', '2025-12-26'),
        ('r', 'c', 'FAILED', 'three', NULL, NULL, '2025-12-26'),
        ('r', 'd', 'FAILED', 'four', NULL, NULL, 'yesterday')`);
    const seen = new Map(failuresOf(database, warnings).clusters.map((each) => [each.sample, each.lastSeen]));
    assert.equal(seen.get('one'), Date.UTC(2025, 11, 24, 10, 0, 0, 500));
    assert.equal(seen.get('two'), Date.UTC(2025, 11, 25, 1));
    assert.equal(seen.get('three'), Date.UTC(2025, 11, 26));
    assert.equal(seen.get('four'), null);
    assert.deepEqual(warnings.list(), [{ what: 'phases.updated_at is not a timestamp', count: 1 }]);
  });

  it('does with what older schemas have', () => {
    assert.throws(() => failuresOf(madeOf('CREATE TABLE notes (text)')), { code: 'not-autopack' });
    assert.deepEqual(failuresOf(madeOf('CREATE TABLE phases (run_id, phase_id)')), none);
    const { clusters } = failuresOf(
      madeOf(`CREATE TABLE phases (run_id, phase_id, state); INSERT INTO phases VALUES ('r', 'p', 'failed')`),
    );
    assert.deepEqual(clusters, [
      {
        fingerprint: 'h3:',
        maskedText: '',
        sample: null,
        source: null,
        failureClass: 'none',
        count: 1,
        runs: 1,
        lastSeen: null,
        phases: [{ runId: 'r', phaseId: 'p' }],
      },
    ]);
  });

  it('takes what was found outside, or what Autopack recorded, where the phase does not say why', () => {
    const database = madeOf(`CREATE TABLE runs (id, failure_reason);
      CREATE TABLE phases (run_id, phase_id, state, last_failure_reason);
      CREATE TABLE phase_outcome_events (id INTEGER PRIMARY KEY, run_id, phase_id, phase_outcome, stop_reason, stuck_decision_rationale);
      INSERT INTO runs VALUES ('r', 'the run gave up');
      INSERT INTO phases VALUES ('r', 'own', 'FAILED', 'its own'), ('r', 'found', 'FAILED', NULL),
        ('r', 'outcome', 'FAILED', ''), ('r', 'run', 'FAILED', NULL);
      INSERT INTO phase_outcome_events (run_id, phase_id, phase_outcome, stop_reason, stuck_decision_rationale) VALUES
        ('r', 'outcome', 'FAILED', 'first', NULL), ('r', 'outcome', 'FAILED', 'budget', 'no patch fits'),
        ('r', 'outcome', 'SUCCESS', 'end_turn', NULL), ('r', 'run', 'FAILED', NULL, '');`);
    const db = nativeReadDatabase(database);
    const context = { db, schema: TolerantSchema.read(db), warnings: new DecodeWarnings() };
    const found = [
      { runId: 'r', phaseId: 'found', reason: 'ImportError: x', source: 'drain-session' as const },
    ];
    const told = failures(context, found).clusters.map(({ sample, source, phases }) => [
      phases[0]?.phaseId,
      sample,
      source,
    ]);
    assert.deepEqual(told.sort(), [
      ['found', 'ImportError: x', 'drain-session'],
      ['outcome', 'budget: no patch fits', 'outcome-event'],
      ['own', 'its own', 'phase'],
      ['run', 'the run gave up', 'run'],
    ]);
  });

  it('stays fast on 20,000 failed phases, each with a reason of its own', function () {
    this.timeout(30_000);
    const large =
      madeOf(`CREATE TABLE phases (run_id TEXT, phase_id TEXT, state TEXT, last_failure_reason TEXT, updated_at TEXT);
      CREATE INDEX by_state ON phases (state);
      WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)
      INSERT INTO phases SELECT 'run-' || (i / 50), 'phase-' || (i % 50), 'FAILED',
        'Patch of phase-' || (i % 50) || ' rejected: ' || i || ' violations in src/shop/part' || i || '.py', '2025-12-24 10:00:00' FROM n`);
    const started = process.threadCpuUsage();
    const { failedPhases, clusters } = failuresOf(large);
    assert.deepEqual([failedPhases, clusters.length], [20_000, 1]);
    const { user, system } = process.threadCpuUsage(started);
    assert.ok(user + system < 1_000_000, `${user + system} µs`);
  });
});
