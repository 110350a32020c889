// npm run bench -- analysis [M|L] [--keep]: our analysis of telemetry against the same figures in SQL, taking turns in one run.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { generateDatabase, sizes } from './generateDatabase.ts';
import type { AnalysisMeasurement } from './measurement.ts';
import { median } from './measurement.ts';

const { values, positionals } = parseArgs({ options: { keep: { type: 'boolean' } }, allowPositionals: true });
const size = positionals[0] === 'M' ? sizes.M : sizes.L;
const folder = join(import.meta.dirname, '../../.vscode-test/bench');
const path = join(folder, `${size.name}.db`);
const rounds = 5;

mkdirSync(folder, { recursive: true });
if (!existsSync(path)) {
  console.error(`Generating ${size.name}...`);
  generateDatabase(path, size);
}
const ours: AnalysisMeasurement[] = [];
const sql: AnalysisMeasurement[] = [];
for (let round = 0; round < rounds; round += 1) {
  // What else the machine does meets both.
  ours.push(measure('ours'));
  sql.push(measure('sql'));
}
const ratios = ours.map((own, round) => (own.ms[0] ?? NaN) / (sql[round]?.ms[0] ?? NaN));
console.log(
  `Node ${process.version}, ${cpus().length} x ${cpus()[0]?.model.trim() ?? 'unknown processor'}, ${size.name}\n`,
);
console.log('| | median ms | processor ms | peak MiB above idle |\n| --- | ---: | ---: | ---: |');
console.log(`| ours: read, check and analyse, cold | ${figures(ours)} |`);
console.log(`| node:sqlite: grouped averages and medians | ${figures(sql)} |`);
const each = ratios.map((one) => one.toFixed(2)).join(', ');
console.log(`\nRatio of the times, median of ${rounds} rounds: ${median(ratios).toFixed(2)} (${each})`);
const work = ours.map(({ cpuMs }, round) => cpuMs / (sql[round]?.cpuMs ?? NaN));
console.log(`Ratio of the processor times, median: ${median(work).toFixed(2)}`);
if (values.keep !== true) rmSync(path);

function figures(all: readonly AnalysisMeasurement[]): string {
  const ms = median(all.flatMap((one) => one.ms));
  const cpuMs = median(all.map((one) => one.cpuMs));
  return `${ms.toFixed(0)} | ${cpuMs.toFixed(0)} | ${median(all.map(({ peakMib }) => peakMib)).toFixed(0)}`;
}

function measure(who: 'ours' | 'sql'): AnalysisMeasurement {
  const script = join(import.meta.dirname, 'measureAnalysis.ts');
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, who, path], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${who}: ${stderr}`);
  return JSON.parse(stdout) as AnalysisMeasurement;
}
