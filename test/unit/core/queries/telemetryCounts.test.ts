import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { ColumnReader, DecodeWarnings } from '../../../../src/core/db/columnReader.ts';
import type { SqlValue } from '../../../../src/core/db/databasePorts.ts';
import { TolerantSchema } from '../../../../src/core/db/tolerantSchema.ts';
import { countTelemetry, type CountedTelemetry } from '../../../../src/core/queries/telemetryCounts.ts';
import { nativeReadDatabase } from '../../../support/nativeReadDatabase.ts';

type Event = readonly [
  run: SqlValue,
  phase: SqlValue,
  category: SqlValue,
  complexity: SqlValue,
  success: SqlValue,
  truncated: SqlValue,
];

const columns = ['run_id', 'phase_id', 'category', 'complexity', 'success', 'truncated'];

/** A database of two runs with one phase of the same name in each, and these events. */
function databaseOf(events: readonly Event[], flagType = 'BOOLEAN'): DatabaseSync {
  const database = new DatabaseSync(':memory:');
  database.exec(`CREATE TABLE runs (id TEXT);
    CREATE TABLE phases (run_id TEXT, phase_id TEXT);
    INSERT INTO runs VALUES ('r1'), ('r2');
    INSERT INTO phases VALUES ('r1', 'p'), ('r2', 'p'), ('r2', 'q'), ('gone', 'p');
    CREATE TABLE token_estimation_v2_events (event_id INTEGER PRIMARY KEY, run_id TEXT, phase_id TEXT,
      category TEXT, complexity TEXT, success ${flagType}, truncated ${flagType})`);
  const insert = database.prepare(
    `INSERT INTO token_estimation_v2_events (${columns.join(', ')}) VALUES (?, ?, ?, ?, ?, ?)`,
  );
  // Integers as such: a plain number would be bound as a float.
  for (const event of events)
    insert.run(...event.map((value) => (Number.isInteger(value) ? BigInt(Number(value)) : value)));
  return database;
}

function counted(database: DatabaseSync): CountedTelemetry | null {
  const db = nativeReadDatabase(database);
  return countTelemetry({ db, schema: TolerantSchema.read(db) });
}

describe('countTelemetry', () => {
  it('is null without the table', () => {
    assert.equal(counted(new DatabaseSync(':memory:')), null);
  });

  it('counts what each event says, in any of the forms it is stored in', () => {
    const events: Event[] = [
      ['r1', 'p', 'docs', 'low', 1, 0],
      ['r1', 'p', ' docs ', 'low', 'true', '0'],
      ['r1', 'p', 'tests', 'LOW', 'True', 'false'],
      ['r1', 'p', null, '', 'yes', 1],
      ['r1', 'p', 'tests', 'low', 0, 'TRUE'],
      ['r1', 'p', 'tests', 'low', null, null],
      ['r1', 'p', 'tests', 'low', 'maybe', 'y'],
    ];
    for (const type of ['BOOLEAN', 'TEXT', 'INTEGER', '']) {
      assert.deepEqual(
        counted(databaseOf(events, type))?.counts,
        {
          total: 7,
          success: 4,
          truncated: 3,
          byCategory: { docs: 2, tests: 1, unknown: 1 },
          byComplexity: { low: 2, LOW: 1, unknown: 1 },
        },
        type,
      );
    }
  });

  it('counts the events of runs and phases that do not exist', () => {
    const event = (run: SqlValue, phase: SqlValue): Event => [run, phase, 'docs', 'low', 1, 0];
    const events = [
      event('r1', 'p'),
      event('r1', 'q'),
      event('unknown', 'p'),
      event('gone', 'p'),
      event(null, 'p'),
      event('r2', 'q'),
    ];
    assert.equal(counted(databaseOf(events))?.orphans, 4);
  });

  it('does without columns that are missing', () => {
    const database = new DatabaseSync(':memory:');
    database.exec(
      'CREATE TABLE token_estimation_v2_events (success); INSERT INTO token_estimation_v2_events VALUES (1), (0)',
    );
    assert.deepEqual(counted(database), {
      counts: {
        total: 2,
        success: 1,
        truncated: 0,
        byCategory: { unknown: 1 },
        byComplexity: { unknown: 1 },
      },
      orphans: 0,
    });
  });

  it('counts by more categories than can be filtered by', () => {
    const events = Array.from({ length: 3000 }, (_, index): Event => [
      'r1',
      'p',
      `c${index % 1000}`,
      'low',
      index % 3 === 0 ? 0 : 1,
      0,
    ]);
    const byCategory = counted(databaseOf(events))?.counts.byCategory ?? {};
    assert.equal(Object.keys(byCategory).length, 1000);
    assert.equal(
      Object.values(byCategory).reduce((sum, count) => sum + count, 0),
      2000,
    );
  });

  it('agrees with counting the rows one by one', () => {
    const text = fc.constantFrom('docs', 'tests', ' tests', '', null, '__proto__', '7');
    const flag = fc.constantFrom(
      0,
      1,
      2,
      -1,
      0.5,
      null,
      '0',
      '1',
      'true',
      'FALSE',
      ' True ',
      'yes',
      'no',
      'maybe',
      '',
    );
    const event: fc.Arbitrary<Event> = fc.tuple(
      fc.constantFrom('r1', 'r2', 'gone', null),
      fc.constantFrom('p', 'q', null),
      text,
      text,
      flag,
      flag,
    );
    const isTrue = (row: Readonly<Record<string, SqlValue>>, column: string) =>
      new ColumnReader('events', row, new DecodeWarnings()).boolean(column) ?? false;
    fc.assert(
      fc.property(
        fc.array(event, { maxLength: 40 }),
        fc.constantFrom('BOOLEAN', 'TEXT', ''),
        (events, type) => {
          const database = databaseOf(events, type);
          const rows = nativeReadDatabase(database).all('SELECT * FROM token_estimation_v2_events');
          const successful = rows.filter((row) => isTrue(row, 'success'));
          const by = (column: string) => {
            const counts = new Map<string, number>();
            for (const row of successful) {
              const name = String(row[column] ?? '').trim() || 'unknown';
              counts.set(name, (counts.get(name) ?? 0) + 1);
            }
            return Object.fromEntries(counts);
          };
          const known = new Set(['r1 p', 'r2 p', 'r2 q']);
          assert.deepEqual(counted(database), {
            counts: {
              total: rows.length,
              success: successful.length,
              truncated: rows.filter((row) => isTrue(row, 'truncated')).length,
              byCategory: by('category'),
              byComplexity: by('complexity'),
            },
            orphans: rows.filter((row) => !known.has(`${String(row.run_id)} ${String(row.phase_id)}`)).length,
          });
        },
      ),
      { numRuns: 300 },
    );
  });
});
