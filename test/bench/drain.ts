// node test/bench/drain.ts [M|L]: what the drain's engine itself costs per phase, with an executor that does nothing.
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { ExecutorPort } from '../../src/core/drain/executorPort.ts';
import { planDrain } from '../../src/core/drain/planDrain.ts';
import { resolveDrainOptions } from '../../src/core/drain/drainOptions.ts';
import { runDrain } from '../../src/node/drain/runDrain.ts';
import { createDatabaseReader } from '../../src/node/reader/databaseReader.ts';
import { systemClock } from '../../src/node/systemClock.ts';
import { DatabaseWriter } from '../../src/node/writer/databaseWriter.ts';
import { adopted } from '../support/adopted.ts';
import { silentLogger, workerUrl } from '../support/databaseReader.ts';
import { generateDatabase, sizes } from './generateDatabase.ts';
import { median } from './measurement.ts';

const size = process.argv[2] === 'M' ? sizes.M : sizes.L;
const bench = join(import.meta.dirname, '../../.vscode-test/bench');
mkdirSync(bench, { recursive: true });
const folder = mkdtempSync(join(bench, 'drain-'));
const path = join(folder, `${size.name}.db`);
const kept = join(bench, `${size.name}.db`);
if (existsSync(kept)) copyFileSync(kept, path);
else generateDatabase(path, size);
await adopted(path, 'legacy');

const executor: ExecutorPort = {
  name: 'nothing',
  execute: () =>
    Promise.resolve({ outcome: 'exited', exitCode: 0, durationMs: 0, stdoutTail: '', stderrTail: '' }),
};
const reader = createDatabaseReader({ workerUrl, logger: silentLogger });
const starts: number[] = [];
const begun = performance.now();
await runDrain(
  {
    databasePath: path,
    workspaceFolder: folder,
    executor,
    options: { batchSize: 300, maxSameFailureRuns: null },
    reader,
    writer: new DatabaseWriter(),
    clock: systemClock,
    logger: silentLogger,
    onProgress: ({ kind }) => {
      if (kind === 'phase-started') starts.push(performance.now());
    },
  },
  new AbortController().signal,
);
const perPhase = starts.slice(1).map((at, index) => at - (starts[index] ?? at));
const options = resolveDrainOptions({ batchSize: 300 });
const { value: backlog } = await reader.ask(path, 'drainCandidates', { kind: 'all' });
const plannedAt = performance.now();
planDrain(backlog, options);
const planMs = performance.now() - plannedAt;
await reader.dispose();
rmSync(folder, { recursive: true });

const row = (what: string, ms: number): string => `| ${what} | ${ms.toFixed(1)} |`;
console.log(`### ${size.name}: ${backlog.candidates.length} candidates, ${starts.length} executions\n`);
console.log('| | ms |\n| --- | ---: |');
console.log(row('until the first phase starts', (starts[0] ?? begun) - begun));
console.log(row('per phase, median', median(perPhase)));
console.log(row('per phase, first 50, median', median(perPhase.slice(0, 50))));
console.log(row('per phase, last 50, median', median(perPhase.slice(-50))));
console.log(row('plan of 300 phases', planMs));
