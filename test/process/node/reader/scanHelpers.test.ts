import assert from 'node:assert/strict';
import type { TelemetryThreads } from '../../../../src/core/telemetry/evidence/describeRatios.ts';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import type { SnapshotRead } from '../../../../src/core/db/snapshot/snapshotReader.ts';
import type { StartThreads } from '../../../../src/core/db/snapshot/snapshotConnection.ts';
import { readTelemetrySamples } from '../../../../src/core/telemetry/samples/readTelemetrySamples.ts';
import { describeRatiosByModel } from '../../../../src/core/telemetry/evidence/describeRatios.ts';
import { defaultTelemetryOptions } from '../../../../src/core/telemetry/analysis/telemetryAnalysis.ts';
import {
  type TelemetryFindings,
  telemetryFindings,
} from '../../../../src/core/telemetry/report/telemetryFindings.ts';
import type { TelemetrySamples } from '../../../../src/core/telemetry/samples/telemetrySamples.ts';
import { DescriptorImage } from '../../../../src/node/reader/nodeFiles.ts';
import { scanThreads } from '../../../../src/node/reader/scanHelpers.ts';
import { openSnapshots } from '../../../support/openSnapshots.ts';
import { temporaryFolder } from '../../../support/temporaryFolder.ts';

const scanWorkerUrl = new URL('../../../../src/node/reader/scanWorker.ts', import.meta.url);
const events = 30_000;
const pause = new Int32Array(new SharedArrayBuffer(4));

/** Many events of every sort, in pages of 1 KiB: with long rows, missing phases, odd values and gaps between the rows. */
function fill(path: string): void {
  const database = new DatabaseSync(path, { enableForeignKeyConstraints: false });
  database.exec('PRAGMA page_size = 1024; BEGIN');
  const numbers = (count: number): string =>
    `WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ${count})`;
  database.exec(`
    CREATE TABLE runs (id TEXT);
    CREATE TABLE phases (run_id TEXT, phase_id TEXT, task_category TEXT);
    CREATE TABLE token_estimation_v2_events (run_id TEXT, phase_id TEXT, timestamp TEXT, category TEXT, complexity TEXT,
      deliverable_count INTEGER, deliverables_json TEXT, predicted_output_tokens, actual_output_tokens,
      selected_budget INTEGER, actual_max_tokens INTEGER, success, truncated, stop_reason TEXT, model TEXT);
    ${numbers(20)} INSERT INTO runs SELECT 'run-' || i FROM n;
    ${numbers(600)} INSERT INTO phases
      SELECT 'run-' || (i / 30), 'phase-' || (i % 30), CASE i % 3 WHEN 0 THEN 'tests' END FROM n;
    ${numbers(events)} INSERT INTO token_estimation_v2_events
      SELECT 'run-' || (i / 1400), 'phase-' || (i / 46 % 31),
        CASE i % 97 WHEN 5 THEN '2025-01-01 00:00:00' ELSE datetime(1735689600 + i, 'unixepoch') END,
        CASE i % 5 WHEN 0 THEN 'testing' WHEN 1 THEN 'docs' ELSE 'tests' END, CASE i % 2 WHEN 0 THEN 'low' ELSE 'high' END,
        i % 7, CASE i % 50 WHEN 0 THEN json_array(printf('%.*c', 3000, 'x')) ELSE json_array('src/a' || (i % 9) || '.py') END,
        CASE i % 1000 WHEN 7 THEN 'many' ELSE 100 + i % 400 END, 90 + i % 300, 500, CASE i % 3 WHEN 0 THEN 380 END,
        i % 11 > 0, 0, CASE i % 13 WHEN 0 THEN NULL WHEN 1 THEN 'MAX_TOKENS' WHEN 2 THEN 'refusal' ELSE 'end_turn' END,
        CASE WHEN i < 20000 THEN 'm1' ELSE 'm' || (i % 3) END FROM n;
    DELETE FROM token_estimation_v2_events WHERE rowid BETWEEN 5000 AND 6000; COMMIT;`);
  database.close();
}

describe('reading events on several threads', function () {
  this.timeout(60_000);
  const folder = temporaryFolder();

  async function read(
    startThreads?: StartThreads,
    withDetails = false,
  ): Promise<SnapshotRead<TelemetrySamples>> {
    const ports = startThreads === undefined ? {} : { startThreads };
    const reader = await openSnapshots(join(folder(), 'events.db'), ports);
    try {
      return await reader.read({
        key: 'samples',
        run: (context) => readTelemetrySamples(context, withDetails),
      });
    } finally {
      reader.close();
    }
  }

  it('gives what one thread gives, in the same order and with the same warnings', async () => {
    fill(join(folder(), 'events.db'));
    for (const withDetails of [false, true]) {
      const alone = await read(undefined, withDetails);
      assert.equal(alone.value.count, events - 1001);
      assert.ok(alone.warnings.length > 0);
      let parts = 0;
      let next = new Int32Array(new SharedArrayBuffer(4));
      const threads: StartThreads = (descriptor, byteLength) => {
        const { open, help, fewestPages } = scanThreads(scanWorkerUrl, 10)(descriptor, byteLength);
        return {
          fewestPages,
          open() {
            // Until another thread takes part, which it does without this one's event loop.
            const end = Date.now() + 30_000;
            while (Atomics.load(next, 0) === 0 && Date.now() < end) Atomics.wait(pause, 0, 0, 10);
            return open();
          },
          help(scan) {
            next = scan.next;
            const helpers = help(scan);
            return {
              finish() {
                const found = helpers.finish();
                parts += found?.filter(({ part }) => part.phases.length > 0).length ?? 0;
                return found;
              },
            };
          },
        };
      };
      const together = await read(threads, withDetails);
      assert.ok(parts > 0, 'no other thread took part');
      assert.deepEqual(together.value, alone.value);
      assert.deepEqual(together.warnings, alone.warnings);
    }
  });

  it('is finished by the caller where no other thread starts, and by it alone where one fails', async () => {
    fill(join(folder(), 'events.db'));
    const alone = await read();
    const broken = join(folder(), 'broken.mjs');
    await writeFile(broken, 'throw new Error("no such thread");');
    const unstarted = await read(scanThreads(pathToFileURL(broken), 10));
    assert.deepEqual(unstarted.value, alone.value);
    const failing = await read((descriptor, byteLength) => ({
      open: () => new DescriptorImage(descriptor, byteLength),
      fewestPages: 10,
      // It takes a chunk, and never says what it read there.
      help: ({ next }) => {
        Atomics.add(next, 0, 1);
        return { finish: () => null };
      },
    }));
    assert.deepEqual(failing.value, alone.value);
    assert.deepEqual(failing.warnings, alone.warnings);
  });

  for (const [name, sql] of [
    ['with gaps at both ends', 'DELETE FROM e WHERE rowid < 900 OR rowid > 29000'],
    ['far apart', 'UPDATE e SET rowid = -rowid; UPDATE e SET rowid = -rowid * 1000000'],
    ['from below zero', 'UPDATE e SET rowid = -rowid'],
    ['beyond what a number tells apart', 'UPDATE e SET rowid = 9223372036854775807 WHERE rowid = 30000'],
  ] as const) {
    it(`gives the same of row ids ${name}`, async () => {
      const path = join(folder(), 'events.db');
      fill(path);
      const database = new DatabaseSync(path);
      database.exec(`BEGIN; ${sql.replaceAll(/\be\b/g, 'token_estimation_v2_events')}; COMMIT`);
      database.close();
      const alone = await read();
      const together = await read(scanThreads(scanWorkerUrl, 10));
      assert.ok(alone.value.count > 25_000);
      assert.deepEqual(together.value, alone.value);
      assert.deepEqual(together.warnings, alone.warnings);
    });
  }

  it('reads a damaged table as one thread does', async () => {
    const path = join(folder(), 'events.db');
    fill(path);
    const bytes = await readFile(path);
    // What kind of page it is, for a page among those of the events.
    bytes[1024 * Math.floor(bytes.length / 2048)] = 0xff;
    await writeFile(path, bytes);
    await assert.rejects(read(), { code: 'corrupt' });
    await assert.rejects(read(scanThreads(scanWorkerUrl, 10)), { code: 'corrupt' });
  });

  it('describes ratios on another thread as on its own, and on its own where no other starts', async () => {
    const path = join(folder(), 'events.db');
    fill(path);
    const describe = async (startThreads?: StartThreads): Promise<TelemetryFindings> => {
      const reader = await openSnapshots(path, startThreads === undefined ? {} : { startThreads });
      try {
        const { value } = await reader.read({
          key: 'findings',
          run: (context) => {
            const samples = readTelemetrySamples(context);
            const begin = (context.threads as TelemetryThreads | undefined)?.describeRatios;
            const question = { withEvidence: true };
            return telemetryFindings(samples, defaultTelemetryOptions, question, (columns, evidence) => {
              const wait = begin?.(columns, evidence) ?? (() => describeRatiosByModel(columns, evidence));
              // Long enough to begin: this thread would do the work itself otherwise.
              if (begin !== undefined) Atomics.wait(pause, 0, 0, 1500);
              return wait;
            });
          },
        });
        return value;
      } finally {
        reader.close();
      }
    };
    const alone = await describe();
    assert.ok((alone.evidence?.models.length ?? 0) > 1);
    assert.deepEqual(await describe(scanThreads(scanWorkerUrl, 10, 100)), alone);
    const nowhere = pathToFileURL(join(folder(), 'none.ts'));
    assert.deepEqual(await describe(scanThreads(nowhere, 10, 100)), alone);
  });

  it('leaves what a WAL holds to one thread', async () => {
    const path = join(folder(), 'events.db');
    fill(path);
    const database = new DatabaseSync(path);
    database.exec('PRAGMA journal_mode = wal; DELETE FROM token_estimation_v2_events WHERE rowid > 100');
    try {
      const { value } = await read(() => assert.fail('the file alone is not the present state'));
      assert.equal(value.count, 100);
    } finally {
      database.close();
    }
  });
});
