import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { DecodeWarnings } from '../../../../../src/core/db/columnReader.ts';
import { TolerantSchema } from '../../../../../src/core/db/tolerantSchema.ts';
import { UserFacingError } from '../../../../../src/core/errors.ts';
import { eventCounts } from '../../../../../src/core/telemetry/analysis/eventCounts.ts';
import type { QueryContext } from '../../../../../src/core/db/scan/queryContext.ts';
import { selectedEvents, telemetryEvents } from '../../../../../src/core/telemetry/page/telemetryEvents.ts';
import { noFilter, type TelemetryFilter } from '../../../../../src/core/telemetry/page/telemetryFilter.ts';
import { nativeReadDatabase } from '../../../../support/nativeReadDatabase.ts';

function inMemory(sql: string): QueryContext {
  const database = new DatabaseSync(':memory:');
  database.exec(sql);
  const db = nativeReadDatabase(database);
  const file = { path: '/x.db', sizeBytes: 0, modifiedAt: 0, journalMode: 'delete', fileId: '1:1' } as const;
  return { db, schema: TolerantSchema.read(db), file, warnings: new DecodeWarnings() };
}

describe('telemetry events query', () => {
  it('gives every event once, page by page, by row id', () => {
    const context = inMemory(`CREATE TABLE token_estimation_v2_events (event_id INTEGER PRIMARY KEY, run_id);
      WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 25)
      INSERT INTO token_estimation_v2_events SELECT i * 3, 'r' || i FROM n;`);
    const ids: number[] = [];
    for (let after = 0; ;) {
      const page = telemetryEvents(context, { after, limit: 10 });
      ids.push(...page.map(({ eventId }) => eventId));
      after = page.at(-1)?.eventId ?? after;
      if (page.length < 10) break;
    }
    assert.deepEqual(
      ids,
      Array.from({ length: 25 }, (_, index) => 3 * (index + 1)),
    );
  });

  it('gives the events with given row ids, and passes over those that are gone', () => {
    const context = inMemory(`CREATE TABLE token_estimation_v2_events (run_id);
      INSERT INTO token_estimation_v2_events VALUES ('a'), ('b'), ('c');`);
    const found = telemetryEvents(context, { ids: [3, 1, 99] });
    assert.deepEqual(
      found.map(({ eventId, runId }) => [eventId, runId]),
      [
        [1, 'a'],
        [3, 'c'],
      ],
    );
  });

  it('finds the events that a filter leaves by what all of them tell', () => {
    const context = inMemory(`CREATE TABLE runs (id); CREATE TABLE phases (run_id, phase_id);
      INSERT INTO runs VALUES ('r'); INSERT INTO phases VALUES ('r', 'p');
      CREATE TABLE token_estimation_v2_events (event_id INTEGER PRIMARY KEY, run_id, phase_id, timestamp, category,
        predicted_output_tokens, actual_output_tokens, success);
      CREATE INDEX by_category ON token_estimation_v2_events (category);
      INSERT INTO token_estimation_v2_events VALUES (5, 'r', 'p', '2025-12-24 01:00:00', 'tests', 100, 80, 1),
        (20, 'r', 'p', '2025-12-24 01:00:00', 'tests', 100, 80, 1), (7, 'r', 'p', NULL, 'doc', 100, 80, 1);`);
    const ids = (filter: Partial<TelemetryFilter>): number[] => [
      ...selectedEvents(context, { ...noFilter, ...filter }).ids,
    ];
    assert.deepEqual(ids({}), [5, 7, 20]);
    assert.deepEqual(ids({ reasons: ['duplicate'] }), [20], 'only by the first is it known as a duplicate');
    assert.deepEqual(ids({ categories: ['docs'] }), [7]);
    assert.equal(selectedEvents(context, noFilter).of, 3);
  });

  it('reads what is missing or unreadable as not known', () => {
    const context = inMemory(`CREATE TABLE token_estimation_v2_events (run_id, timestamp, deliverables_json,
        predicted_output_tokens, success);
      INSERT INTO token_estimation_v2_events VALUES ('r', 'yesterday', '["a.py", 7]', 'many', 'yes'), (NULL, NULL, 'a.py', 5, 0);`);
    const [first, second] = telemetryEvents(context, { after: 0, limit: 10 });
    assert.deepEqual(
      [first?.timestamp, first?.deliverables, first?.predicted, first?.success, first?.model],
      [null, ['a.py'], null, true, 'unknown'],
    );
    assert.deepEqual([second?.runId, second?.deliverables, second?.predicted], ['', [], 5]);
    assert.equal(context.warnings.list().length, 3);
  });

  it('says what to do where the table is missing', () => {
    assert.throws(
      () => telemetryEvents(inMemory(''), { after: 0, limit: 1 }),
      (error) => error instanceof UserFacingError && error.code === 'no-telemetry-table',
    );
  });
});

describe('event counts query', () => {
  it('counts the events of a run, or all; a missing table has none', () => {
    const context = inMemory(`CREATE TABLE token_estimation_v2_events (run_id);
      INSERT INTO token_estimation_v2_events VALUES ('a'), ('a'), ('b');`);
    assert.deepEqual(eventCounts(context, { runId: null }), {
      token_estimation_v2_events: 3,
      token_budget_escalation_events: 0,
    });
    assert.equal(eventCounts(context, { runId: 'a' }).token_estimation_v2_events, 2);
    assert.equal(eventCounts(context, { runId: 'c' }).token_estimation_v2_events, 0);
  });
});
