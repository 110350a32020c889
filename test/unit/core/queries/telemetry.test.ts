import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { DecodeWarnings } from '../../../../src/core/db/decodeWarnings.ts';
import { TolerantSchema } from '../../../../src/core/db/tolerantSchema.ts';
import { UserFacingError } from '../../../../src/core/errors.ts';
import { readTelemetrySamples } from '../../../../src/core/queries/telemetry.ts';
import type { QueryContext } from '../../../../src/core/queries/queryContext.ts';
import { analyseTelemetry } from '../../../../src/core/telemetry/analyseTelemetry.ts';
import { defaultTelemetryOptions as defaults } from '../../../../src/core/telemetry/telemetryAnalysis.ts';
import { listSuspects } from '../../../../src/core/telemetry/suspects.ts';
import { nativeReadDatabase } from '../../../support/nativeReadDatabase.ts';
import { sharedData } from '../../../support/sharedData.ts';

function contextOf(database: DatabaseSync): QueryContext {
  const db = nativeReadDatabase(database);
  const file = {
    path: '/x.db',
    sizeBytes: 0,
    modifiedAt: 0,
    journalMode: 'delete',
    fileId: '1:1',
  } as const;
  return { db, schema: TolerantSchema.read(db), file, warnings: new DecodeWarnings() };
}

function inMemory(sql: string): QueryContext {
  const database = new DatabaseSync(':memory:');
  database.exec(sql);
  return contextOf(database);
}

const runAndPhase = `
  CREATE TABLE runs (id TEXT); INSERT INTO runs VALUES ('r');
  CREATE TABLE phases (run_id TEXT, phase_id TEXT); INSERT INTO phases VALUES ('r', 'p'), ('no-run', 'p');`;

describe('telemetry query', () => {
  it('says what to do where the table is missing', () => {
    assert.throws(
      () => readTelemetrySamples(inMemory(runAndPhase)),
      (error) => error instanceof UserFacingError && error.code === 'no-telemetry-table',
    );
  });

  it('reads a table without the newer columns, and then asks for no stop reason', () => {
    const samples = readTelemetrySamples(
      inMemory(`${runAndPhase}
        CREATE TABLE token_estimation_v2_events
          (run_id, phase_id, predicted_output_tokens, actual_output_tokens, success);
        INSERT INTO token_estimation_v2_events VALUES ('r', 'p', 100, 90, 1);`),
    );
    const analysis = analyseTelemetry(samples, defaults);
    assert.equal(analysis.quality.clean, 1);
    assert.deepEqual(
      analysis.groups.map(({ category, complexity }) => [category, complexity]),
      [['unknown', 'unknown']],
    );
  });

  it('reads numbers and booleans kept as text, and counts what it cannot read', () => {
    const context = inMemory(`${runAndPhase}
      CREATE TABLE token_estimation_v2_events (run_id, phase_id, category, complexity, deliverable_count,
        predicted_output_tokens, actual_output_tokens, success, truncated, stop_reason, model);
      INSERT INTO token_estimation_v2_events VALUES
        ('r', 'p', 'docs', 'LOW', '2', '100', '90', 'true', 'false', 'end_turn', 'm'),
        ('r', 'p', 'docs', 'low', 2, 'many', 90, 'True', '0', 'end_turn', 'm'),
        ('r', 'p', 'docs', 'low', 2, 100, 90, 'maybe', NULL, 'end_turn', 'm');`);
    const { quality } = analyseTelemetry(readTelemetrySamples(context), defaults);
    assert.deepEqual([quality.clean, quality.suspect, quality.failed], [1, 1, 1]);
    assert.deepEqual(context.warnings.list(), [
      { what: 'token_estimation_v2_events.predicted_output_tokens is not a number', count: 1 },
      { what: 'token_estimation_v2_events.success is not a boolean', count: 1 },
    ]);
  });

  it('takes events without their run or phase as orphans, and those without a stop reason as suspect', () => {
    const samples = readTelemetrySamples(
      inMemory(`${runAndPhase}
        CREATE TABLE token_estimation_v2_events (run_id, phase_id, category, complexity, deliverable_count,
          predicted_output_tokens, actual_output_tokens, success, truncated, stop_reason, model);
        INSERT INTO token_estimation_v2_events VALUES
          ('r', 'p', 'docs', 'low', 1, 100, 90, 1, 0, 'end_turn', 'm'),
          ('r', 'p', 'docs', 'low', 1, 100, 9000, 1, 0, NULL, 'm'),
          ('unknown', 'p', 'docs', 'low', 1, 100, 90, 1, 0, 'end_turn', 'm'),
          ('no-run', 'p', 'docs', 'low', 1, 100, 90, 1, 0, 'end_turn', 'm'),
          ('r', 'other', 'docs', 'low', 1, 100, 90, 1, 0, 'end_turn', 'm');`),
    );
    const { quality } = analyseTelemetry(samples, defaults);
    assert.deepEqual([quality.clean, quality.suspect, quality.orphaned], [1, 1, 3]);
  });

  it('takes every event as an orphan where runs or phases cannot be told apart', () => {
    const events = `CREATE TABLE token_estimation_v2_events
        (run_id, phase_id, predicted_output_tokens, actual_output_tokens, success);
      INSERT INTO token_estimation_v2_events VALUES ('r', 'p', 100, 90, 1);`;
    for (const rest of ['', 'CREATE TABLE runs (id); CREATE TABLE phases (phase_id);']) {
      const { quality } = analyseTelemetry(readTelemetrySamples(inMemory(rest + events)), defaults);
      assert.equal(quality.orphaned, 1);
    }
  });

  it('finds totals stored as outputs by the usage records, rows stored twice, and categories other than the phase', () => {
    const samples = readTelemetrySamples(
      inMemory(`CREATE TABLE runs (id TEXT); INSERT INTO runs VALUES ('r');
        CREATE TABLE phases (run_id TEXT, phase_id TEXT, task_category TEXT);
        INSERT INTO phases VALUES ('r', 'p', 'documentation'), ('r', 'q', NULL);
        CREATE TABLE llm_usage_events (run_id, phase_id, prompt_tokens, completion_tokens, total_tokens);
        INSERT INTO llm_usage_events VALUES
          ('r', 'p', 5000, 90, 5090), ('r', 'q', 700, 80, NULL), ('r', 'q', NULL, NULL, 4000), (NULL, NULL, 1, 2, 3);
        CREATE TABLE token_estimation_v2_events (run_id, phase_id, timestamp, category, predicted_output_tokens,
          actual_output_tokens, success, stop_reason);
        INSERT INTO token_estimation_v2_events VALUES
          ('r', 'p', '2025-12-24 00:00:01.000001', 'docs', 100, 90, 1, 'end_turn'),
          ('r', 'p', '2025-12-24T00:00:01.000001', 'docs', 100, 90, 1, 'end_turn'),
          ('r', 'p', '2025-12-24 00:00:02.500', 'docs', 100, 90, 1, 'end_turn'),
          ('r', 'p', '2025-12-24 00:00:03', 'docs', 100, 5090, 1, 'end_turn'),
          ('r', 'p', '2025-12-24 00:00:04', 'tests', 100, 91, 1, 'end_turn'),
          ('r', 'p', '2025-12-24 00:00:05', NULL, 100, 92, 1, 'end_turn'),
          ('r', 'q', '2025-12-24 00:00:06', 'tests', 100, 780, 1, NULL),
          ('r', 'q', '2025-12-24 00:00:07', 'tests', 100, 4000, 1, 'end_turn'),
          ('r', 'q', '2025-12-24 00:00:08', 'tests', 100, 80, 1, 'end_turn');`),
    );
    assert.deepEqual(
      listSuspects(samples, 20).map(({ timestamp, reasons }) => [(timestamp ?? 0) % 60_000, ...reasons]),
      [
        [1000, 'duplicate'],
        [3000, 'total-tokens'],
        [4000, 'category-conflict'],
        [6000, 'no-stop-reason', 'total-tokens'],
        [7000, 'total-tokens'],
      ],
    );
    assert.equal(analyseTelemetry(samples, defaults).quality.clean, 4);
  });

  // The figures were computed once by another program: Python's sqlite3 and statistics, quantiles of type 2.
  it('agrees with an independent computation on a real backlog', function () {
    const database = new DatabaseSync(sharedData(this, 'legacy-2025-12-24.db'), { readOnly: true });
    const samples = readTelemetrySamples(contextOf(database));
    database.close();
    const close = (value: number | null, expected: number) =>
      assert.ok(value !== null && Math.abs(value - expected) < 1e-9, `${value ?? 'null'} is not ${expected}`);

    const success = analyseTelemetry(samples, defaults);
    assert.deepEqual([success.samples, success.analysed], [6, 5]);
    assert.deepEqual([success.tier1.underestimationCount, success.tier1.underestimationRatePct], [2, 40]);
    close(success.tier1.successRatePct, 250 / 3);
    close(success.tier2.wasteMedian, 1.5201302545885138);
    close(success.tier2.wasteP90, 1.853220696937698);
    close(success.tier2.wasteMean, 1.3436887897341165);
    close(success.diagnostic.smapeMean, 34.932922395817755);
    close(success.diagnostic.smapeMedian, 41.27804534241748);
    assert.deepEqual([success.quality.orphaned, success.quality.failed, success.quality.clean], [4, 1, 1]);

    const all = analyseTelemetry(samples, { ...defaults, successOnly: false });
    close(all.tier1.underestimationRatePct, 100 / 3);
    close(all.tier2.wasteMedian, 1.4882461885311051);
    close(all.tier2.wasteP90, 1.853220696937698);
    close(all.diagnostic.smapeMean, 35.30369543482692);
    close(all.diagnostic.smapeMedian, 39.2178029861451);
  });

  it('finds no sample in a fresh seed database', function () {
    const database = new DatabaseSync(sharedData(this, 'reference-seed.db'), { readOnly: true });
    assert.equal(readTelemetrySamples(contextOf(database)).count, 0);
    database.close();
  });
});
