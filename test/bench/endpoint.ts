// node test/bench/endpoint.ts [ms]: what the endpoint executor takes for a phase besides the model, which answers at once or after as many ms. Needs dist (npm run build).
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import { builtAnswer } from '../support/models/builtAnswer.ts';
import { startModelServer } from '../support/models/modelServer.ts';
import type { StepTimes } from './measureEndpoint.ts';
import { median } from './measurement.ts';

const answerMs = Number(process.argv[2] ?? 0);
/** Runs of ten phases. */
const runs = ['bench-a', 'bench-b', 'bench-c'];
const phases = 10 * runs.length;
const root = join(import.meta.dirname, '../..');
const run = promisify(execFile);
const bench = join(root, '.vscode-test/bench');
mkdirSync(bench, { recursive: true });

/** When the server had a request, and when its answer was out, in ms since the epoch. */
interface Served {
  readonly asked: number;
  answered: number;
}

const whole = await drained((path, folder, baseUrl) =>
  command(
    folder,
    ...['drain', '--yes', '--database', path, '--batch-size', String(phases), '--write'],
    ...['--executor', 'endpoint', '--base-url', baseUrl, '--model', 'bench'],
  ),
);
// From answer to request: the phase's end, the drain's own work, and the next phase's beginning.
const between = whole.served
  .slice(1)
  .map(({ asked }, index) => asked - (whole.served[index]?.answered ?? NaN));
const split = await drained((path, folder, baseUrl) =>
  run(process.execPath, [join(root, 'test/bench/measureEndpoint.ts'), path, folder, baseUrl, String(phases)]),
);
const steps = JSON.parse(split.stdout) as StepTimes[];
if (between.length !== phases - 1 || steps.length !== phases)
  throw new Error('Not every phase was asked for once.');
const step = (name: string, of: (times: StepTimes, served: Served) => number): string => {
  // The first loads what all others use.
  const each = steps.map((times, index) => of(times, split.served[index] ?? { asked: NaN, answered: NaN }));
  return row(name, each[0] ?? NaN, each.slice(1));
};
console.log(`### ${phases} phases, each answered after ${answerMs} ms\n`);
console.log('| ms | first | median | worst of the others |\n| --- | ---: | ---: | ---: |');
console.log(
  row('the built command line, from an answer to the next request', between[0] ?? NaN, between.slice(1)),
);
console.log(
  step(
    'executor alone, without the answer',
    ({ begun, ended }, { asked, answered }) => ended - begun - (answered - asked),
  ),
);
console.log(step('· claim', ({ begun, claimed }) => claimed - begun));
console.log(step('· call, up to the request', ({ claimed }, { asked }) => asked - claimed));
console.log(step('· verify: read and parse the answer', ({ writing }, { answered }) => writing - answered));
console.log(step('· write', ({ writing, verifying }) => verifying - writing));
console.log(step('· verify: look at the files', ({ verifying, settling }) => settling - verifying));
console.log(step('· settle', ({ settling, settled }) => settled - settling));
console.log(step('· rest: journal and log', ({ settled, ended }) => ended - settled));

/** Drains a new database in a new folder against a server of this process. */
async function drained(
  drain: (path: string, folder: string, baseUrl: string) => Promise<{ stdout: string }>,
): Promise<{ stdout: string; served: readonly Served[] }> {
  const folder = mkdtempSync(join(bench, 'endpoint-'));
  const served: Served[] = [];
  const server = await startModelServer(async (asked) => {
    const each = { asked: now(), answered: NaN };
    served.push(each);
    void asked.closed.then(() => (each.answered = now()));
    if (answerMs > 0) await wait(answerMs);
    return builtAnswer(asked);
  });
  try {
    const path = join(folder, 'bench.db');
    await command(folder, 'init', '--database', path);
    for (const id of runs) await command(folder, 'seed', '--yes', '--database', path, '--run-id', id);
    const { stdout } = await drain(path, folder, server.baseUrl);
    return { stdout, served };
  } finally {
    await server.close();
    rmSync(folder, { recursive: true });
  }
}

function command(folder: string, ...args: string[]): Promise<{ stdout: string }> {
  return run(process.execPath, [join(root, 'dist/cli.js'), ...args], { cwd: folder });
}

function row(name: string, first: number, others: readonly number[]): string {
  const figures = [first, median(others), Math.max(...others)].map((ms) => ms.toFixed(1));
  return `| ${name} | ${figures.join(' | ')} |`;
}

function now(): number {
  return performance.timeOrigin + performance.now();
}
