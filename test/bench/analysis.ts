// npm run bench -- analysis [M|L] [--keep]: our analysis of telemetry against the same figures in SQL, taking turns in one run.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import { exportToDuckDb, hasDuckDb, removeDuckDb } from './duckDb.ts';
import { generateDatabase, sizes } from './generateDatabase.ts';
import type { AnalysisMeasurement } from './measurement.ts';
import { median } from './measurement.ts';
import { sqlOpponents } from './sqlOpponents.ts';

const { values, positionals } = parseArgs({
  options: { keep: { type: 'boolean' }, rounds: { type: 'string', default: '5' } },
  allowPositionals: true,
});
const size = positionals[0] === 'M' ? sizes.M : sizes.L;
const folder = join(import.meta.dirname, '../../.vscode-test/bench');
const path = join(folder, `${size.name}.db`);
const rounds = Number(values.rounds);

mkdirSync(folder, { recursive: true });
if (!existsSync(path)) {
  console.error(`Generating ${size.name}...`);
  generateDatabase(path, size);
}
// The thread that helps is started from one file, as in the product.
const scanWorker = join(folder, 'scanWorker.mjs');
await build({
  ...{ bundle: true, platform: 'node', format: 'esm', logLevel: 'error' },
  entryPoints: [join(import.meta.dirname, '../../src/node/reader/scanWorker.ts')],
  outfile: scanWorker,
});
const withDuckDb = await hasDuckDb();
if (withDuckDb) {
  const ms = await exportToDuckDb(path);
  if (ms > 0)
    console.log(
      `DuckDB: its table of five columns was made in ${ms.toFixed(0)} ms, which is not in its figures.`,
    );
} else {
  console.log(
    'DuckDB is left out: "npm install --no-save @duckdb/node-api", or name the module in AUTOPACK_BENCH_DUCKDB.',
  );
}
const ours = ['ours, two threads or more', 'ours, one thread'] as const;
const names = [...ours, ...Object.keys(sqlOpponents), ...(withDuckDb ? ['DuckDB, its own table'] : [])];
const found = new Map(names.map((name): [string, AnalysisMeasurement[]] => [name, []]));
// What else the machine does meets all of them.
for (let round = 0; round < rounds; round += 1)
  for (const name of names) found.get(name)?.push(measure(name));

console.log(
  `Node ${process.version}, ${cpus().length} x ${cpus()[0]?.model.trim() ?? 'unknown processor'}, ${size.name}, ${rounds} rounds\n`,
);
console.log('| | median ms | processor ms | peak MiB above idle | ours / this | of processor times |');
console.log('| --- | ---: | ---: | ---: | ---: | ---: |');
for (const name of names) {
  const time = ratio(name, ({ ms }) => ms[0] ?? NaN);
  const work = ratio(name, ({ cpuMs }) => cpuMs);
  console.log(`| ${name} | ${figures(found.get(name) ?? [])} | ${time.toFixed(2)} | ${work.toFixed(2)} |`);
}
rmSync(scanWorker);
if (values.keep !== true) {
  rmSync(path);
  removeDuckDb(path);
}

/** Of ours to this, round by round; the median. */
function ratio(name: string, of: (one: AnalysisMeasurement) => number): number {
  const own = found.get(ours[0]) ?? [];
  const other = found.get(name) ?? [];
  return median(
    own.map((one, round) => {
      const against = other[round];
      return against === undefined ? NaN : of(one) / of(against);
    }),
  );
}

function figures(all: readonly AnalysisMeasurement[]): string {
  const ms = median(all.flatMap((one) => one.ms));
  const cpuMs = median(all.map((one) => one.cpuMs));
  return `${ms.toFixed(0)} | ${cpuMs.toFixed(0)} | ${median(all.map(({ peakMib }) => peakMib)).toFixed(0)}`;
}

function measure(who: string): AnalysisMeasurement {
  const script = join(import.meta.dirname, 'measureAnalysis.ts');
  const worker = who === ours[0] ? [scanWorker] : [];
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, who, path, ...worker], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`${who}: ${stderr}`);
  return JSON.parse(stdout) as AnalysisMeasurement;
}
