import { type DrainOptions } from './drainOptions.ts';
import { requestOf } from './drainPhase.ts';
import type { DrainPorts, DrainTarget } from './drainPorts.ts';
import type { DrainListener } from './drainProgress.ts';
import type { DrainResult } from './drainResult.ts';
import type { ExecutionResult } from './executorPort.ts';
import { failureClasses } from './failureClass.ts';
import type { HygieneSession } from './hygieneSession.ts';
import { judgeExecution } from './judgeExecution.ts';
import { busyPatienceMs, patiently } from './lookAfter.ts';
import { wasWorkedOn } from './whatRan.ts';

/**
 * Finds out what came of the phase that was under way when a drain was killed. An executor that still works on it is
 * followed to its end, for its tokens are spent already; a phase at which nobody works any more is set FAILED.
 * Throws what is thrown where the database cannot be read: then nothing is recorded, and the next resume asks again.
 */
export async function finishInterrupted(
  drain: {
    readonly sessionId: string;
    readonly options: DrainOptions;
    readonly target: DrainTarget;
    readonly ports: DrainPorts;
  },
  inFlight: NonNullable<HygieneSession['inFlight']>,
  tell: DrainListener,
  signal: AbortSignal,
): Promise<readonly DrainResult[]> {
  const { ports, options } = drain;
  const { runId, phaseId, rowId, attempt, startedAt, before, logs } = inFlight;
  const { phaseIndex, tierIndex, state } = before.phase;
  const [failureClass] = failureClasses;
  const candidate = { runId, phaseId, rowId, tierIndex, phaseIndex, state, failureClass, tokenCap: null };
  const phaseDrain = { ...drain, choice: { candidate, attempt } };
  const start = { before: { ...before, yields: [] }, startedAt, logs };
  tell({
    kind: 'warning',
    message: `The drain was interrupted while ${phaseId} of ${runId} was executed; finding out what came of it.`,
  });
  const endsAt = startedAt + options.phaseTimeoutSeconds * 1000;
  const request = requestOf(phaseDrain, start, Math.max(0, endsAt - ports.clock.now()));
  const onWaiting = (pids: readonly number[]): void => {
    tell({ kind: 'warning', message: waitingText(pids, request.timeoutMs) });
  };
  const followed = (await ports.executor.follow?.(request, signal, onWaiting)) ?? unknownEnd;
  const judged = await judgeExecution(phaseDrain, start, await asItEnded(followed, inFlight, ports));
  if (judged.kind === 'executed') return judged.results;
  throw judged.kind === 'lost' ? judged.error : new Error('An execution cannot end before it begins.');
}

function waitingText(pids: readonly number[], atMostMs: number): string {
  const who = pids.length === 1 ? `Process ${pids.join()} is` : `The processes ${pids.join(', ')} are`;
  const whose = pids.length === 1 ? 'its end' : 'their end';
  const atMost = `at most ${Math.ceil(atMostMs / 1000)} s`;
  return `${who} still at work on the phase. The drain waits for ${whose}, ${atMost}; to end that at once, cancel the drain (Ctrl+C in a terminal).`;
}

const unknownEnd: ExecutionResult = {
  outcome: 'interrupted',
  exitCode: null,
  durationMs: 0,
  stdoutTail: '',
  stderrTail: '',
};

/** An executor that brought the phase to an end has ended by itself, whoever waited for it. */
async function asItEnded(
  execution: ExecutionResult,
  { runId, phaseId, startedAt, before }: NonNullable<HygieneSession['inFlight']>,
  { store, clock }: DrainPorts,
): Promise<ExecutionResult> {
  const now = clock.now();
  const durationMs = now - startedAt;
  if (execution.outcome !== 'interrupted') return { ...execution, durationMs };
  const deadline = now + busyPatienceMs;
  const { phase } = await patiently(() => store.observe({ runId, phaseId }, null), clock, deadline);
  const isEnded =
    phase !== null &&
    wasWorkedOn(before.phase, phase) &&
    ['COMPLETE', 'FAILED', 'SKIPPED', 'GATE'].includes(phase.state);
  return { ...execution, durationMs, outcome: isEnded ? 'exited' : 'interrupted' };
}
