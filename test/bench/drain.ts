// node test/bench/drain.ts [S|M|L]: what the drain's engine itself costs per phase, with an executor that only ends its phase.
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { ExecutorPort } from '../../src/core/model/execution.ts';
import { planDrain } from '../../src/core/drain/planDrain.ts';
import { resolveDrainOptions } from '../../src/core/drain/drainOptions.ts';
import { runDrain } from '../../src/node/drain/runDrain.ts';
import { createDatabaseReader } from '../../src/node/reader/databaseReader.ts';
import { systemClock } from '../../src/node/system/systemPorts.ts';
import { DatabaseWriter } from '../../src/node/writer/databaseWriter.ts';
import { adopted } from '../support/adopted.ts';
import { silentLogger, workerUrl } from '../support/databaseReader.ts';
import { generateDatabase, sizes } from './generateDatabase.ts';
import { median } from './measurement.ts';

/** A tenth of M. */
const small = { name: 'S', runs: 20, phasesPerRun: 50, eventsPerPhase: 20 };
const size = { S: small, M: sizes.M, L: sizes.L }[process.argv[2] ?? 'L'] ?? sizes.L;
const bench = join(import.meta.dirname, '../../.vscode-test/bench');
mkdirSync(bench, { recursive: true });
const folder = mkdtempSync(join(bench, 'drain-'));
const path = join(folder, `${size.name}.db`);
const kept = join(bench, `${size.name}.db`);
if (existsSync(kept)) copyFileSync(kept, path);
else generateDatabase(path, size);
await adopted(path, 'legacy');
makeAllCandidates();

const database = new DatabaseSync(path, { timeout: 5000 });
const complete = database.prepare(
  "UPDATE phases SET state = 'COMPLETE', updated_at = 'now' WHERE run_id = ? AND phase_id = ?",
);
const executorMs: number[] = [];
let executorWork = 0;
const executor: ExecutorPort = {
  name: 'nothing',
  execute: ({ runId, phaseId }) => {
    const start = performance.now();
    const before = process.cpuUsage();
    complete.run(runId, phaseId);
    executorMs.push(performance.now() - start);
    executorWork += workSince(before);
    return Promise.resolve({ outcome: 'exited', exitCode: 0, durationMs: 0, stdoutTail: '', stderrTail: '' });
  },
};
const reader = createDatabaseReader({ workerUrl, logger: silentLogger });
const starts: number[] = [];
const begun = performance.now();
let workBefore = process.cpuUsage();
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
      if (kind !== 'phase-started') return;
      if (starts.length === 0) workBefore = process.cpuUsage();
      starts.push(performance.now());
    },
  },
  new AbortController().signal,
);
const work = (workSince(workBefore) - executorWork) / starts.length;
const perPhase = starts.slice(1).map((at, index) => at - (starts[index] ?? at) - (executorMs[index] ?? 0));
const options = resolveDrainOptions({ batchSize: 300 });
const { value: backlog } = await reader.request(path, 'drainCandidates', { kind: 'all' });
const plannedAt = performance.now();
planDrain(backlog, options);
const planMs = performance.now() - plannedAt;
await reader.dispose();
database.close();
rmSync(folder, { recursive: true });

/** Every phase can be drained: 1,000 of S, 10,000 of M, 100,000 of L. */
function makeAllCandidates(): void {
  const writable = new DatabaseSync(path);
  writable.exec("UPDATE phases SET state = 'QUEUED' WHERE state = 'COMPLETE'");
  writable.close();
}

/** What the processors worked since, in all threads of this process, in ms: other programs prolong it hardly. */
function workSince(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

const row = (what: string, ms: number): string => `| ${what} | ${ms.toFixed(1)} |`;
console.log(`### ${size.name}: ${backlog.candidates.length} candidates, ${starts.length} executions\n`);
console.log('| | ms |\n| --- | ---: |');
console.log(row('until the first phase starts', (starts[0] ?? begun) - begun));
console.log(row('per phase, median', median(perPhase)));
console.log(row('per phase, processors at work', work));
console.log(row('per phase, first 50, median', median(perPhase.slice(0, 50))));
console.log(row('per phase, last 50, median', median(perPhase.slice(-50))));
console.log(row('plan of 300 phases', planMs));
