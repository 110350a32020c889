// One measurement in a process of its own: measureAnalysis.ts NAME PATH [SCAN WORKER], the figures as JSON on standard output.
import { readFileSync } from 'node:fs';
import type { TelemetryThreads } from '../../src/core/telemetry/evidence/describeRatios.ts';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { SnapshotReader } from '../../src/core/db/snapshot/snapshotReader.ts';
import { SqlEngine } from '../../src/core/db/sqlJs/sqlEngine.ts';
import { readTelemetrySamples } from '../../src/core/telemetry/samples/readTelemetrySamples.ts';
import { telemetryFindings } from '../../src/core/telemetry/report/telemetryFindings.ts';
import { backupCopies } from '../../src/node/reader/backupCopies.ts';
import { nodeFiles } from '../../src/node/reader/nodeFiles.ts';
import { scanThreads } from '../../src/node/reader/scanHelpers.ts';
import { systemClock } from '../../src/node/system/systemPorts.ts';
import type { AnalysisMeasurement } from './measurement.ts';
import { askDuckDb } from './duckDb.ts';
import { peakMemoryKib } from './peakMemory.ts';
import { type SqlOpponent, sqlOpponents } from './sqlOpponents.ts';

const [who = '', path = '', scanWorker] = process.argv.slice(2);
const idleKib = peakMemoryKib();
const cpuBefore = process.cpuUsage();
const start = performance.now();
const groups = await answer();
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

function answer(): Promise<number> | number {
  if (Object.hasOwn(sqlOpponents, who)) return sqlOpponents[who as SqlOpponent](path);
  return who.startsWith('DuckDB') ? askDuckDb(path) : analyse();
}

async function analyse(): Promise<number> {
  const wasm = createRequire(import.meta.url).resolve('sql.js/dist/sql-wasm.wasm');
  const engine = await SqlEngine.start(await WebAssembly.compile(readFileSync(wasm)));
  const threads = scanWorker === undefined ? {} : { startThreads: scanThreads(pathToFileURL(scanWorker)) };
  const ports = { files: nodeFiles, engine, clock: systemClock, copies: backupCopies, ...threads };
  const reader = new SnapshotReader(path, ports, { cacheBytes: 64 * 1024 * 1024 });
  const options = { successOnly: false, stratify: false, underMultiplier: 1 };
  const { value } = await reader.read({
    key: 'analysis',
    run: (context) =>
      telemetryFindings(
        readTelemetrySamples(context),
        options,
        { withEvidence: true },
        (context.threads as TelemetryThreads | undefined)?.describeRatios,
      ),
  });
  return value.analysis.groups.length;
}
