// One measurement in a process of its own: measureAnalysis.ts ours|sql PATH, the figures as JSON on standard output.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { DatabaseSync } from 'node:sqlite';
import { SnapshotReader } from '../../src/core/db/snapshot/snapshotReader.ts';
import { SqlEngine } from '../../src/core/db/sqlJs/sqlEngine.ts';
import { readTelemetrySamples } from '../../src/core/queries/telemetry.ts';
import { telemetryFindings } from '../../src/core/telemetry/telemetryFindings.ts';
import { backupCopies } from '../../src/node/reader/backupCopies.ts';
import { nodeFiles } from '../../src/node/reader/nodeFiles.ts';
import { systemClock } from '../../src/node/systemClock.ts';
import type { AnalysisMeasurement } from './measurement.ts';
import { peakMemoryKib } from './peakMemory.ts';

/** The same as ours tells of each group, but for what SQL has no function for: one window to rank by, which is what takes long. */
const groupedSql = `
  WITH sample AS (
    SELECT category, complexity,
      CAST(predicted_output_tokens AS REAL) / actual_output_tokens AS waste,
      200.0 * abs(predicted_output_tokens - actual_output_tokens) / (predicted_output_tokens + actual_output_tokens) AS smape,
      truncated, actual_output_tokens > predicted_output_tokens AS under
    FROM token_estimation_v2_events),
  ranked AS (
    SELECT *, row_number() OVER (PARTITION BY category, complexity ORDER BY waste) AS place,
      count(*) OVER (PARTITION BY category, complexity) AS n
    FROM sample)
  SELECT category, complexity, n, avg(waste), avg(smape), avg(truncated), avg(under),
    avg(CASE WHEN place IN ((n + 1) / 2, (n + 2) / 2) THEN waste END) AS median
  FROM ranked GROUP BY category, complexity`;

const [who, path = ''] = process.argv.slice(2);
const idleKib = peakMemoryKib();
const cpuBefore = process.cpuUsage();
const start = performance.now();
const groups = who === 'ours' ? await analyse() : rank();
const ms = [performance.now() - start];
if (groups === 0) throw new Error('There is nothing in this database to analyse.');
const { user, system } = process.cpuUsage(cpuBefore);
const measurement: AnalysisMeasurement = {
  ms,
  cpuMs: (user + system) / 1000,
  peakMib: (peakMemoryKib() - idleKib) / 1024,
};
process.stdout.write(JSON.stringify(measurement));
process.exit(0);

async function analyse(): Promise<number> {
  const wasm = createRequire(import.meta.url).resolve('sql.js/dist/sql-wasm.wasm');
  const engine = await SqlEngine.start(await WebAssembly.compile(readFileSync(wasm)));
  const ports = { files: nodeFiles, engine, clock: systemClock, copies: backupCopies };
  const reader = new SnapshotReader(path, ports, { cacheBytes: 64 * 1024 * 1024 });
  const options = { successOnly: false, stratify: false, underMultiplier: 1 };
  const { value } = await reader.read({
    key: 'analysis',
    run: (context) => telemetryFindings(readTelemetrySamples(context), options, { withEvidence: true }),
  });
  return value.analysis.groups.length;
}

function rank(): number {
  return new DatabaseSync(path, { readOnly: true }).prepare(groupedSql).all().length;
}
