import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { DecodeWarnings } from '../../../../src/core/db/columnReader.ts';
import { TolerantSchema } from '../../../../src/core/db/tolerantSchema.ts';
import { UserFacingError } from '../../../../src/core/errors.ts';
import { readTelemetrySamples } from '../../../../src/core/telemetry/samples/readTelemetrySamples.ts';
import type { QueryContext } from '../../../../src/core/db/scan/queryContext.ts';
import { analyseTelemetry } from '../../../../src/core/telemetry/analysis/analyseTelemetry.ts';
import { defaultTelemetryOptions as defaults } from '../../../../src/core/telemetry/analysis/telemetryAnalysis.ts';
import { listSuspects } from '../../../../src/core/telemetry/samples/suspects.ts';
import { databaseSources } from '../../../support/data/dataSources.ts';
import { nativeReadDatabase } from '../../../support/nativeReadDatabase.ts';

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

  for (const { name, isReal, path } of databaseSources('backlog')) {
    it(`agrees with figures that SQLite computes (${name})`, () => {
      const database = new DatabaseSync(path, { readOnly: true });
      const samples = readTelemetrySamples(contextOf(database));
      for (const successOnly of [true, false]) {
        const expected = figuresOf(database, successOnly);
        // Once computed by a third program too: Python's statistics.
        if (isReal)
          assert.ok(Math.abs((expected.wasteMedian ?? 0) - (successOnly ? 1.52013 : 1.488246)) < 1e-5);
        const { tier1, tier2, diagnostic, quality, ...found } = analyseTelemetry(samples, {
          ...defaults,
          successOnly,
        });
        const actual: Figures = {
          ...{ samples: found.samples, analysed: found.analysed },
          ...{ underestimated: tier1.underestimationCount, underestimatedPct: tier1.underestimationRatePct },
          ...{ wasteMedian: tier2.wasteMedian, wasteP90: tier2.wasteP90, wasteMean: tier2.wasteMean },
          ...{ smapeMedian: diagnostic.smapeMedian, smapeMean: diagnostic.smapeMean },
          ...{ orphaned: quality.orphaned, failed: quality.failed, clean: quality.clean },
        };
        assert.deepEqual(Object.keys(actual), Object.keys(expected));
        for (const [figure, value] of Object.entries(expected)) {
          const close = Math.abs((actual[figure] ?? NaN) - (value ?? NaN)) < 1e-9;
          assert.ok(close, `${figure}: ${actual[figure]} is not ${value} (success only: ${successOnly})`);
        }
      }
      database.close();
    });
  }

  for (const { name, path } of databaseSources('reference-seed')) {
    it(`finds no sample in a fresh seed database (${name})`, () => {
      const database = new DatabaseSync(path, { readOnly: true });
      assert.equal(readTelemetrySamples(contextOf(database)).count, 0);
      database.close();
    });
  }
});

type Figures = Readonly<Record<string, number | null>>;

/** SQLite's own figures; quantiles of type 2, the mean of both neighbours where there are two. */
function figuresOf(database: DatabaseSync, successOnly: boolean): Figures {
  const row = database
    .prepare(
      `WITH events AS (
         SELECT e.success, e.truncated, predicted_output_tokens * 1.0 AS p, actual_output_tokens * 1.0 AS a,
           EXISTS (SELECT 1 FROM runs r JOIN phases f ON f.run_id = r.id WHERE r.id = e.run_id AND f.phase_id = e.phase_id) AS known
         FROM token_estimation_v2_events e),
       analysed AS (SELECT *, p / a AS waste, 200 * abs(p - a) / (p + a) AS smape FROM events WHERE success OR NOT :successOnly),
       wastes AS (SELECT waste, row_number() OVER (ORDER BY waste) AS r, count(*) OVER () AS n FROM analysed),
       smapes AS (SELECT smape, row_number() OVER (ORDER BY smape) AS r, count(*) OVER () AS n FROM analysed WHERE NOT truncated)
       SELECT (SELECT count(*) FROM events) AS samples,
         (SELECT count(*) FROM analysed) AS analysed,
         (SELECT count(*) FROM analysed WHERE a > p) AS underestimated,
         (SELECT 100.0 * sum(a > p) / count(*) FROM analysed) AS underestimatedPct,
         (SELECT avg(waste) FROM wastes WHERE r IN ((n + 1) / 2, n / 2 + 1)) AS wasteMedian,
         (SELECT avg(waste) FROM wastes WHERE r IN ((9 * n + 9) / 10, 9 * n / 10 + 1)) AS wasteP90,
         (SELECT avg(waste) FROM wastes) AS wasteMean,
         (SELECT avg(smape) FROM smapes WHERE r IN ((n + 1) / 2, n / 2 + 1)) AS smapeMedian,
         (SELECT avg(smape) FROM smapes) AS smapeMean,
         (SELECT count(*) FROM events WHERE success AND NOT known) AS orphaned,
         (SELECT count(*) FROM events WHERE NOT success) AS failed,
         (SELECT count(*) FROM events WHERE known AND NOT truncated AND success) AS clean`,
    )
    .get({ successOnly: Number(successOnly) });
  return { ...row } as Figures;
}
