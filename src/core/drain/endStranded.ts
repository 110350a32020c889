import { serializeError } from '../errors.ts';
import type { DrainPorts } from './drainPorts.ts';
import type { ExecutionResult } from './executorPort.ts';
import { busyPatienceMs, patienceAfter, patiently } from './lookAfter.ts';
import type { PhaseGlimpse } from './phaseObservation.ts';
import { strandedReason } from './strandedPhase.ts';
import type { PhaseChange } from './whatRan.ts';

/** A phase after nobody is at work on it any more. */
export interface SettledPhase {
  readonly after: PhaseGlimpse | null;
  /** What was done, or why it could not be; empty if nothing was needed. */
  readonly notes: readonly string[];
}

/**
 * Puts a phase back in the queue that failed for a cause outside it, for which the drain stops. Never throws: where it
 * cannot be put back, the phase stays as it is, and a note says so.
 */
export async function putBack(
  runId: string,
  after: PhaseGlimpse,
  { store, clock }: Pick<DrainPorts, 'store' | 'clock'>,
): Promise<SettledPhase> {
  const { phaseId, state } = after;
  try {
    const deadline = clock.now() + busyPatienceMs;
    if (!(await patiently(() => store.requeue({ runId, phaseId }, state), clock, deadline))) {
      return { after, notes: [`${phaseId} was ${state} and changed before it could be put back.`] };
    }
  } catch (error) {
    return { after, notes: [`${phaseId} is still ${state}: ${serializeError(error).message}`] };
  }
  return {
    after: { ...after, state: 'QUEUED', revision: `${after.revision} queued` },
    notes: [`${phaseId} was ${state} and is QUEUED again: the cause lies outside it.`],
  };
}

/** Sets a phase FAILED that its execution left behind as if somebody were at work on it. Never throws. */
export async function endStranded(
  runId: string,
  { before, after }: PhaseChange,
  execution: ExecutionResult,
  timeoutSeconds: number,
  { store, clock }: Pick<DrainPorts, 'store' | 'clock'>,
): Promise<SettledPhase> {
  const reason = after === null ? null : strandedReason(before, after, execution, timeoutSeconds);
  if (after === null || reason === null) return { after, notes: [] };
  const { phaseId, state } = after;
  try {
    const deadline = clock.now() + patienceAfter(execution);
    const fail = (): Promise<boolean> => store.fail({ runId, phaseId }, reason, state);
    if (!(await patiently(fail, clock, deadline))) {
      return { after, notes: [`${phaseId} was ${state} and changed before it could be set FAILED.`] };
    }
  } catch (error) {
    return { after, notes: [`${phaseId} is still ${state}: ${serializeError(error).message}`] };
  }
  const failed = { ...after, state: 'FAILED', failureReason: reason, revision: `${after.revision} failed` };
  return {
    after: failed,
    notes: state === 'FAILED' ? [] : [`${phaseId} was left ${state} and is set FAILED.`],
  };
}
