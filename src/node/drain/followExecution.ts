import { stat } from 'node:fs/promises';
import type { ExecutionRequest, ExecutionResult } from '../../core/model/execution.ts';
import type { PhaseKey } from '../../core/model/phase.ts';
import { fileIdOf } from '../files/fileId.ts';
import { readFileEnd } from '../files/regularFile.ts';
import { findPhaseWorkers } from '../guard/phaseWorkers.ts';
import { systemClock } from '../systemClock.ts';
import { endLeftBehind, executionMark } from './leftBehind.ts';
import { tailBytes } from './outputTail.ts';
import { endProcessTree } from './processTree.ts';

/** How often the system is asked for its processes, in ms. Asking costs a process, so it is not asked more often. */
const pollMs = 500;

/** Whether any program is at work on a phase of this database; `false` where processes cannot be listed. */
export async function isAtWork(databasePath: string, key: PhaseKey): Promise<boolean> {
  return (await workersOn(databasePath, key)).length > 0;
}

/**
 * Follows what a killed drain left running, as {@link ExecutorPort.follow} says. Processes are asked for by their
 * arguments, not waited for by their ids: an orphan that nobody reaps keeps its id for ever.
 */
export async function followExecution(
  request: ExecutionRequest,
  signal: AbortSignal,
  onWaiting: (pids: readonly number[]) => void = () => undefined,
): Promise<ExecutionResult> {
  const startedAt = performance.now();
  const begun = Date.now();
  const outcome = await waitForEnd(request, startedAt + request.timeoutMs, signal, onWaiting);
  const stdoutTail = await tailOf(request.stdoutPath);
  const notes = await endLeftBehind({ mark: executionMark(request), startedAt: begun, output: stdoutTail });
  return {
    outcome,
    exitCode: null,
    durationMs: performance.now() - startedAt,
    stdoutTail,
    stderrTail: await tailOf(request.stderrPath),
    ...(notes.length === 0 ? {} : { notes }),
  };
}

async function waitForEnd(
  request: ExecutionRequest,
  deadline: number,
  signal: AbortSignal,
  onWaiting: (pids: readonly number[]) => void,
): Promise<ExecutionResult['outcome']> {
  for (let looks = 1; ; looks += 1) {
    const workers = await workersOn(request.databasePath, request);
    if (workers.length === 0) return 'interrupted';
    if (signal.aborted || performance.now() >= deadline) {
      await Promise.all(workers.map(endProcessTree));
      return signal.aborted ? 'cancelled' : 'timed-out';
    }
    if (looks === 1) onWaiting(workers);
    await systemClock.sleep(pollMs, signal).catch(() => undefined);
  }
}

/** The ids of programs that were told to work on just this phase of just this database. */
async function workersOn(databasePath: string, { runId, phaseId }: PhaseKey): Promise<number[]> {
  const file = await stat(databasePath, { bigint: true }).catch(() => null);
  const workers = file === null ? null : await findPhaseWorkers(fileIdOf(file));
  return (workers ?? [])
    .filter((worker) => worker.runId === runId && worker.phaseId === phaseId)
    .map(({ pid }) => pid);
}

async function tailOf(path: string): Promise<string> {
  return readFileEnd(path, tailBytes).catch(() => '');
}
