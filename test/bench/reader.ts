// npm run bench -- reader [--only M] [--keep]: the reader's figures, as ratios taken in one run on generated databases.
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
  const readers = ['node:sqlite', 'snapshot', 'sql.js, whole file'] as const;
  const all = new Map<ReaderName, Measurement[]>(readers.map((reader) => [reader, []]));
  // Readers take turns, so that what else the machine does meets all of them.
  for (let i = 0; i < repetitions; i++) {
    for (const [reader, measurements] of all) measurements.push(measure(reader, 'list', path));
  }
  const middle = (reader: ReaderName, figure: (one: Measurement) => number): number =>
    median((all.get(reader) ?? []).map(figure));
  console.log(`### ${name}: open and list the runs, cold\n`);
  console.log('| reader | ms | x node:sqlite | processor ms | x node:sqlite | peak MiB above idle |');
  console.log('| --- | ---: | ---: | ---: | ---: | ---: |');
  for (const reader of readers) {
    const [ms, work] = [middle(reader, timeOf), middle(reader, workOf)];
    const ratios = [ms / middle('node:sqlite', timeOf), work / middle('node:sqlite', workOf)];
    const [timeRatio = NaN, workRatio = NaN] = ratios;
    const peak = middle(reader, ({ peakMib }) => peakMib);
    console.log(
      `| ${reader} | ${ms.toFixed(0)} | ${timeRatio.toFixed(1)} | ${work.toFixed(0)} | ${workRatio.toFixed(1)} | ${peak.toFixed(0)} |`,
    );
  }
  console.log(`\n### ${name}: afterwards, the snapshot reader\n`);
  console.log('| | median ms | median processor ms | worst processor ms |\n| --- | ---: | ---: | ---: |');
  console.log(`| expand a run never seen before | ${figures(measure('snapshot', 'expand', path))} |`);
  console.log(
    `| list the runs after a commit of one row | ${figures(measure('snapshot', 'refresh', path))} |`,
  );
  console.log(`| of that, in the host's thread | ${figures(measure('snapshot', 'host', path))} |`);
  console.log(`| filter by a new text and a state | ${figures(measure('snapshot', 'filter', path))} |`);
  console.log(`| the same after a commit of one row | ${figures(measure('snapshot', 'refilter', path))} |\n`);
}

function timeOf({ ms }: Measurement): number {
  return median(ms);
}

function workOf({ workMs = [] }: Measurement): number {
  return median(workMs);
}

function figures(one: Measurement): string {
  const worst = Math.max(...(one.workMs ?? []));
  return `${timeOf(one).toFixed(1)} | ${workOf(one).toFixed(1)} | ${worst.toFixed(1)}`;
}

function measure(reader: ReaderName, task: TaskName, path: string): Measurement {
  const script = join(import.meta.dirname, 'measure.ts');
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, reader, task, path], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`${reader}, ${task}: ${stderr}`);
  return JSON.parse(stdout) as Measurement;
}
