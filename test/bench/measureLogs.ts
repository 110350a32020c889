// One measurement in a process of its own: measureLogs.ts FOLDER [DATABASE], the figures as JSON on standard output.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { SnapshotReader } from '../../src/core/db/snapshot/snapshotReader.ts';
import { SqlEngine } from '../../src/core/db/sqlJs/sqlEngine.ts';
import { readTelemetrySamples } from '../../src/core/telemetry/samples/readTelemetrySamples.ts';
import { withLogs } from '../../src/core/telemetry/logs/reconcileLogs.ts';
import type { TelemetrySamples } from '../../src/core/telemetry/samples/telemetrySamples.ts';
import { telemetryFindings } from '../../src/core/telemetry/report/telemetryFindings.ts';
import { backupCopies } from '../../src/node/reader/backupCopies.ts';
import { nodeFiles } from '../../src/node/reader/nodeFiles.ts';
import { systemClock } from '../../src/node/system/systemPorts.ts';
import { readLogFolder } from '../../src/node/telemetry/readLogFolder.ts';
import type { AnalysisMeasurement } from './measurement.ts';
import { peakMemoryKib } from './peakMemory.ts';

const [folder = '', path] = process.argv.slice(2);
const idleKib = peakMemoryKib();
const cpuBefore = process.cpuUsage();
const start = performance.now();
const logs = await readLogFolder(folder);
const { samples } = withLogs(path === undefined ? null : await readDatabase(path), logs);
telemetryFindings(
  samples,
  { successOnly: false, stratify: false, underMultiplier: 1 },
  { withEvidence: true },
);
const ms = [performance.now() - start];
const { user, system } = process.cpuUsage(cpuBefore);
const measurement: AnalysisMeasurement = {
  ms,
  cpuMs: (user + system) / 1000,
  peakMib: (peakMemoryKib() - idleKib) / 1024,
};
process.stdout.write(JSON.stringify(measurement));
process.exit(0);

async function readDatabase(file: string): Promise<TelemetrySamples> {
  const wasm = createRequire(import.meta.url).resolve('sql.js/dist/sql-wasm.wasm');
  const engine = await SqlEngine.start(await WebAssembly.compile(readFileSync(wasm)));
  const ports = { files: nodeFiles, engine, clock: systemClock, copies: backupCopies };
  const reader = new SnapshotReader(file, ports, { cacheBytes: 64 * 1024 * 1024 });
  const { value } = await reader.read({ key: 'samples', run: (context) => readTelemetrySamples(context) });
  return value;
}
