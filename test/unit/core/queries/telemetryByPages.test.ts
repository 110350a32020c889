import assert from 'node:assert/strict';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { DecodeWarnings } from '../../../../src/core/db/columnReader.ts';
import type { QueryContext } from '../../../../src/core/db/scan/queryContext.ts';
import { readTelemetrySamples } from '../../../../src/core/telemetry/samples/readTelemetrySamples.ts';
import { compareText } from '../../../../src/core/model/sampleKind.ts';
import { openSnapshots } from '../../../support/openSnapshots.ts';
import { temporaryFolder } from '../../../support/temporaryFolder.ts';
import { anyCharacter } from '../../../support/anyCharacter.ts';

/** What few rows have in common, and what hardly any row should hold. */
const word = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.constantFrom(
      'a',
      'ab',
      'low',
      'docs',
      'tests',
      'phase-001',
      'build-00012-b',
      'x'.repeat(17),
    ),
  },
  { weight: 2, arbitrary: fc.string({ unit: anyCharacter, maxLength: 20 }) },
  { weight: 1, arbitrary: fc.constantFrom(null, 7, 2.5) },
);
const number = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: -200, max: 40_000 }) },
  {
    weight: 2,
    arbitrary: fc.constantFrom(0, 1, 127, 128, 32_767, 32_768, 8_388_608, 2 ** 31, 2 ** 47, Infinity),
  },
  {
    weight: 2,
    arbitrary: fc.oneof(fc.double({ noNaN: true }), fc.constantFrom(null, '12', 'many', new Uint8Array(3))),
  },
);
const flag = fc.constantFrom(0, 1, 2, null, 'true', 'false', 'yes', 0.5);
const time = fc.oneof(
  fc
    .integer({ min: 0, max: 2 ** 31 })
    .map((seconds) => new Date(1000 * seconds).toISOString().replace('Z', '456')),
  fc.constantFrom(
    '2025-02-28 23:59:59.999999',
    '2024-02-29 00:00:00',
    '2025-13-01 00:00:00',
    '2025-01-01',
    null,
    17,
  ),
);
const row = fc.tuple(
  word,
  word,
  time,
  word,
  word,
  number,
  number,
  number,
  number,
  number,
  flag,
  flag,
  word,
  word,
);

describe('telemetry read from pages', () => {
  const folder = temporaryFolder();
  let made = 0;

  it('is what SQLite reads, value by value and warning by warning, for any rows', async function () {
    this.timeout(60_000);
    await fc.assert(
      fc.asyncProperty(fc.array(row, { maxLength: 80 }), async (rows) => {
        const path = join(folder(), `${++made}.db`);
        const database = new DatabaseSync(path);
        database.exec(`PRAGMA synchronous = OFF; BEGIN; CREATE TABLE runs (id TEXT); CREATE TABLE phases (run_id TEXT, phase_id TEXT, task_category TEXT);
          CREATE TABLE token_estimation_v2_events (run_id, phase_id, timestamp, category, complexity, deliverable_count,
            predicted_output_tokens, actual_output_tokens, selected_budget, actual_max_tokens, success, truncated,
            stop_reason, model);
          INSERT INTO runs VALUES ('a'), ('ab'); INSERT INTO phases VALUES ('a', 'low', 'docs'), ('ab', 'docs', NULL);`);
        const places = placeholders(rows[0]?.length ?? 0);
        if (rows.length > 0) {
          const insert = database.prepare(`INSERT INTO token_estimation_v2_events VALUES (${places})`);
          for (const values of rows) insert.run(...values);
        }
        database.exec('COMMIT');
        database.close();
        const reader = await openSnapshots(path);
        try {
          const read = async (key: string, change: (context: QueryContext) => QueryContext) =>
            (
              await reader.read({
                key,
                run: (context) => {
                  const warnings = new DecodeWarnings();
                  return {
                    samples: readTelemetrySamples(change({ ...context, warnings })),
                    // In the order in which columns are met, which is another for pages.
                    warnings: warnings.list().toSorted((a, b) => compareText(a.what, b.what)),
                  };
                },
              })
            ).value;
          const byPages = await read('pages', (context) => context);
          const byRows = await read('rows', ({ db, schema, warnings, file }) => ({
            db,
            schema,
            warnings,
            file,
          }));
          assert.deepEqual(byPages, byRows);
        } finally {
          reader.close();
        }
      }),
      { numRuns: 80 },
    );
  });
});

function placeholders(count: number): string {
  return Array.from({ length: count }, () => '?').join(', ');
}
