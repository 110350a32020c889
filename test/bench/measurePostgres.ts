// One measurement in a process of its own: measurePostgres.ts TASK URL, the figures as JSON on standard output.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Client } from 'pg';
import { parsePostgresUrl } from '../../src/core/db/postgresUrl.ts';
import { createDatabaseReader } from '../../src/node/reader/databaseReader.ts';
import { silentLogger, workerUrl } from '../support/databaseReader.ts';
import type { Measurement } from './measurement.ts';
import { peakMemoryKib } from './peakMemory.ts';
import { Stopwatch } from './stopwatch.ts';

export type PostgresTask = 'first' | 'lists' | 'analysis';

const [task, url] = process.argv.slice(2) as [PostgresTask, string];
/** As the product has it, in one file, where it was built. */
const built = join(import.meta.dirname, '../../dist/readerWorker.js');
const { location } = parsePostgresUrl(url, { user: '' });
const rounds = { lists: 30, analysis: 3 };

/** Commits of one row by another connection, each of another kind. */
const changes = [
  'UPDATE phases SET tokens_used = tokens_used + 1 WHERE id = $1',
  `UPDATE phases SET state = CASE state WHEN 'FAILED' THEN 'QUEUED' ELSE 'FAILED' END::phasestate WHERE id = $1`,
  `INSERT INTO token_estimation_v2_events (run_id, phase_id, timestamp, category, complexity, deliverable_count,
     deliverables_json, predicted_output_tokens, actual_output_tokens, selected_budget, success, truncated, model,
     is_truncated_output, created_at)
   SELECT run_id, phase_id, now(), 'tests', 'low', 1, '[]', 900, 700, 8192, true, false, 'sonnet', false, now()
   FROM phases WHERE id = $1`,
];

const idleKib = peakMemoryKib();
const reader = createDatabaseReader({
  workerUrl: existsSync(built) ? pathToFileURL(built) : workerUrl,
  logger: { ...silentLogger, warn: console.warn, error: console.error },
});
process.stdout.write(JSON.stringify(await measure()));
await reader.dispose();
process.exit(0);

async function measure(): Promise<Measurement> {
  const watch = new Stopwatch(idleKib);
  if (task === 'first') {
    await watch.time(list);
    return watch.measurement;
  }
  const ask = task === 'lists' ? list : analyse;
  await list();
  await ask();
  const writer = new Client({ connectionString: url });
  await writer.connect();
  for (let round = 0; round < rounds[task]; round++) {
    await writer.query(changes[round % changes.length] ?? '', [1 + ((round * 331) % 10_000)]);
    await watch.time(ask);
  }
  await writer.end();
  return watch.measurement;
}

async function list(): Promise<void> {
  await reader.request(location.path, 'listRuns', null);
}

async function analyse(): Promise<void> {
  const options = { successOnly: false, stratify: false, underMultiplier: 1 };
  await reader.request(location.path, 'telemetry', { options, withEvidence: true });
}
