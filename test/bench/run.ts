// npm run bench [-- --only M] [--keep]: the reader's figures, as ratios taken in one run on generated databases.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { generateDatabase, sizes } from './generateDatabase.ts';
import type { Measurement, ReaderName, TaskName } from './measurement.ts';
import { median } from './measurement.ts';

const { values } = parseArgs({ options: { only: { type: 'string' }, keep: { type: 'boolean' } } });
const folder = join(import.meta.dirname, '../../.vscode-test/bench');
const repetitions = 5;

mkdirSync(folder, { recursive: true });
console.log(
  `Node ${process.version}, ${cpus().length} x ${cpus()[0]?.model.trim() ?? 'unknown processor'}\n`,
);
for (const size of Object.values(sizes)) {
  if (values.only !== undefined && values.only !== size.name) continue;
  const path = join(folder, `${size.name}.db`);
  if (!existsSync(path)) {
    console.error(`Generating ${size.name}...`);
    generateDatabase(path, size);
  }
  report(size.name, path);
  if (values.keep !== true) rmSync(path);
}

function report(name: string, path: string): void {
  const list = measureAll('list', path, ['node:sqlite', 'snapshot', 'sql.js, whole file']);
  const rows = Object.entries(list).map(([reader, { ms, peakMib }]) => [reader, ms, peakMib] as const);
  const native = list['node:sqlite']?.ms ?? NaN;
  console.log(`### ${name}: open and list the runs, cold\n`);
  console.log('| reader | ms | x node:sqlite | peak MiB above idle |\n| --- | ---: | ---: | ---: |');
  for (const [reader, ms, peak] of rows) {
    console.log(`| ${reader} | ${ms.toFixed(0)} | ${(ms / native).toFixed(1)} | ${peak.toFixed(0)} |`);
  }
  const expand = measure('snapshot', 'expand', path);
  const refresh = measure('snapshot', 'refresh', path);
  const host = measure('snapshot', 'host', path);
  console.log(`\n### ${name}: afterwards\n\n| | median ms | worst ms |\n| --- | ---: | ---: |`);
  console.log(`| expand a run never seen before | ${figures(expand.ms)} |`);
  console.log(`| list the runs after a commit of one row | ${figures(refresh.ms)} |`);
  console.log(`| longest delay of the host's thread | | ${Math.max(...host.ms).toFixed(1)} |\n`);
}

function figures(ms: readonly number[]): string {
  return `${median(ms).toFixed(1)} | ${Math.max(...ms).toFixed(1)}`;
}

/** Readers take turns, so that what else the machine does meets all of them. */
function measureAll(
  task: TaskName,
  path: string,
  readers: readonly ReaderName[],
): Partial<Record<ReaderName, { readonly ms: number; readonly peakMib: number }>> {
  const all = new Map<ReaderName, Measurement[]>(readers.map((reader) => [reader, []]));
  for (let i = 0; i < repetitions; i++) {
    for (const [reader, measurements] of all) measurements.push(measure(reader, task, path));
  }
  return Object.fromEntries(
    [...all].map(([reader, measurements]) => [
      reader,
      {
        ms: median(measurements.flatMap(({ ms }) => ms)),
        peakMib: median(measurements.map(({ peakMib }) => peakMib)),
      },
    ]),
  );
}

function measure(reader: ReaderName, task: TaskName, path: string): Measurement {
  const script = join(import.meta.dirname, 'measure.ts');
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, reader, task, path], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`${reader}, ${task}: ${stderr}`);
  return JSON.parse(stdout) as Measurement;
}
