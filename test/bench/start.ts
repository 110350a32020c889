// npm run bench -- start [repetitions]: what commands take from their start to their end, as whole processes. Build first.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { median } from './measurement.ts';

const repetitions = Number(process.argv[2] ?? 31);
const program = join(import.meta.dirname, '../../dist/cli.js');
if (!existsSync(program)) throw new Error(`There is no ${program}; run "npm run build" first.`);
const folder = mkdtempSync(join(tmpdir(), 'hygiene-start-'));
const database = ['--database', 'seed.db'];

function run(args: readonly string[], variables: Readonly<Record<string, string>> = {}): number {
  const start = performance.now();
  const env = { ...process.env, DATABASE_URL: '', XDG_CACHE_HOME: join(folder, 'cache'), ...variables };
  const { status, stderr } = spawnSync(process.execPath, args, { cwd: folder, env, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${args.join(' ')}: ${stderr}`);
  return performance.now() - start;
}

/** What the processors worked for all children that have ended, in ms, where Linux tells it (in hundredths of a second). */
function childWork(): number {
  if (process.platform !== 'linux') return NaN;
  const fields = readFileSync('/proc/self/stat', 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ');
  return (Number(fields[13]) + Number(fields[14])) * 10;
}

run([program, 'init', ...database]);
run([program, 'seed', '--yes', ...database]);
const noCache = { NODE_DISABLE_COMPILE_CACHE: '1' };
const cases: readonly (readonly [
  name: string,
  args: readonly string[],
  variables?: Record<string, string>,
])[] = [
  ['node alone', ['-e', '0']],
  ['--version', [program, '--version']],
  ['--help', [program, '--help']],
  ['identity', [program, 'identity', ...database]],
  ['runs', [program, 'runs', ...database]],
  ['identity, no compiled code kept', [program, 'identity', ...database], noCache],
];
const times = cases.map((): number[] => []);
const work = cases.map(() => 0);
// They take turns, so that what else the machine does meanwhile falls on all of them.
for (let turn = 0; turn < repetitions; turn++) {
  for (const [index, [, args, variables]] of cases.entries()) {
    const before = childWork();
    times[index]?.push(run(args, variables));
    work[index] = (work[index] ?? 0) + childWork() - before;
  }
}
rmSync(folder, { recursive: true });
console.log('| command | median ms | least ms | mean processor ms |');
console.log('| --- | --: | --: | --: |');
for (const [index, [name]] of cases.entries()) {
  const ms = times[index] ?? [];
  const figures = [median(ms), Math.min(...ms), (work[index] ?? 0) / repetitions];
  console.log(`| ${[name, ...figures.map((figure) => figure.toFixed(0))].join(' | ')} |`);
}
