// npm run bench -- logs [--keep]: our analysis of the telemetry in logs, alone and beside database L.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { generateDatabase, sizes } from './generateDatabase.ts';
import { generateLogs } from './generateLogs.ts';
import type { AnalysisMeasurement } from './measurement.ts';
import { median } from './measurement.ts';

const { values } = parseArgs({ options: { keep: { type: 'boolean' } } });
const folder = join(import.meta.dirname, '../../.vscode-test/bench');
const database = join(folder, `${sizes.L.name}.db`);
const logs = join(folder, 'logs');
const rounds = 3;

mkdirSync(folder, { recursive: true });
console.error('Generating...');
if (!existsSync(database)) generateDatabase(database, sizes.L);
generateLogs(logs);
console.log('| | median ms | processor ms | peak MiB above idle |\n| --- | ---: | ---: | ---: |');
console.log(`| logs alone | ${figures(logs)} |`);
console.log(`| logs beside database L | ${figures(logs, database)} |`);
rmSync(logs, { recursive: true });
if (values.keep !== true) rmSync(database);

function figures(...sources: readonly string[]): string {
  const all = Array.from({ length: rounds }, () => measure(sources));
  const [ms, cpuMs] = [median(all.flatMap((one) => one.ms)), median(all.map((one) => one.cpuMs))];
  return `${ms.toFixed(0)} | ${cpuMs.toFixed(0)} | ${median(all.map(({ peakMib }) => peakMib)).toFixed(0)}`;
}

function measure(sources: readonly string[]): AnalysisMeasurement {
  const script = join(import.meta.dirname, 'measureLogs.ts');
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...sources], { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as AnalysisMeasurement;
}
