// node test/bench/deleteRun.ts [tables]: what the command delete-run takes among many tables of others. Needs dist (npm run build).
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { median } from './measurement.ts';

const tables = Number(process.argv[2] ?? 20_000);
const rounds = 3;
const run = 'telemetry-collection-v4';
const root = join(import.meta.dirname, '../..');
const bench = join(root, '.vscode-test/bench');
mkdirSync(bench, { recursive: true });
const folder = mkdtempSync(join(bench, 'delete-run-'));

/** What each table declares beside a key; every thousandth has a row of the run. */
const columns = [
  'run_id TEXT',
  'run_id TEXT REFERENCES runs (id)',
  'run_id TEXT REFERENCES runs (id) ON DELETE CASCADE',
  'r TEXT REFERENCES runs (id) ON DELETE SET NULL',
];

console.log('| each table has | seconds | processor seconds, its own processes included |');
console.log('| --- | ---: | ---: |');
try {
  for (const column of columns) console.log(measure(column));
} finally {
  rmSync(folder, { recursive: true });
}

function measure(column: string): string {
  const prepared = join(folder, 'prepared.db');
  rmSync(prepared, { force: true });
  command('init', '--database', prepared);
  command('seed', '--yes', '--database', prepared);
  const database = new DatabaseSync(prepared);
  database.exec('PRAGMA synchronous = OFF; BEGIN');
  for (let n = 0; n < tables; n++) {
    database.exec(`CREATE TABLE t${n} (id INTEGER PRIMARY KEY, ${column})`);
    if (n % 1000 === 0) database.prepare(`INSERT INTO t${n} VALUES (1, ?)`).run(run);
  }
  database.exec('COMMIT');
  database.close();
  const path = join(folder, 'measured.db');
  const times = Array.from({ length: rounds }, () => {
    rmSync(join(folder, '.autopack-hygiene'), { recursive: true, force: true });
    copyFileSync(prepared, path);
    const [start, before] = [performance.now(), childSeconds()];
    command('delete-run', run, '--database', path, '--yes');
    return { seconds: (performance.now() - start) / 1000, processor: childSeconds() - before };
  });
  const seconds = median(times.map((time) => time.seconds)).toFixed(2);
  return `| \`${column}\` | ${seconds} | ${median(times.map((time) => time.processor)).toFixed(2)} |`;
}

function command(...args: string[]): void {
  const { status, stderr } = spawnSync(process.execPath, [join(root, 'dist/cli.js'), ...args], {
    cwd: folder,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
}

/** What processors worked for the processes that this one started and that have ended, theirs included; NaN but on Linux. */
function childSeconds(): number {
  if (process.platform !== 'linux') return NaN;
  const fields = readFileSync('/proc/self/stat', 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ');
  // cutime and cstime, in ticks of 10 ms. https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html
  return (Number(fields[13]) + Number(fields[14])) / 100;
}
