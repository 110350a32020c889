import { serializeError } from '../errors.ts';
import type { ExecutionResult } from '../model/execution.ts';
import type { PhaseSnapshot } from '../model/phaseObservation.ts';
import type { State } from '../model/state.ts';
import { t } from '../text/l10n.ts';
import { wasWorkedOn, type PhaseChange } from './detectExecutedPhase.ts';
import type { DrainPorts } from './drainPorts.ts';
import { complaintOf } from './errorText.ts';
import { busyTimeoutMs, settleTimeoutMs, retryTransient } from './retryTransient.ts';

/** A phase after nobody is at work on it any more. */
export interface SettledPhase {
  readonly after: PhaseSnapshot | null;
  /** What was done, or why it could not be; empty if nothing was needed. */
  readonly notes: readonly string[];
}

/**
 * Puts a phase back in the queue that failed for a cause outside it, for which the drain stops. Never throws: where it
 * cannot be put back, the phase stays as it is, and a note says so.
 */
export async function requeue(
  runId: string,
  after: PhaseSnapshot,
  { store, clock }: Pick<DrainPorts, 'store' | 'clock'>,
): Promise<SettledPhase> {
  const { phaseId, state } = after;
  try {
    const deadline = clock.now() + busyTimeoutMs;
    if (!(await retryTransient(() => store.requeue({ runId, phaseId }, state), clock, deadline))) {
      return { after, notes: [t`${phaseId} was ${state} and changed before it could be put back.`] };
    }
  } catch (error) {
    return { after, notes: [t`${phaseId} is still ${state}: ${serializeError(error).message}`] };
  }
  return {
    after: { ...after, state: 'QUEUED', revision: `${after.revision} queued` },
    notes: [t`${phaseId} was ${state} and is QUEUED again: the cause is outside the phase.`],
  };
}

/** Sets a phase FAILED that its execution left in a state as if it were still running. Never throws. */
export async function settleAbandonedPhase(
  runId: string,
  { before, after }: PhaseChange,
  execution: ExecutionResult,
  timeoutSeconds: number,
  { store, clock }: Pick<DrainPorts, 'store' | 'clock'>,
): Promise<SettledPhase> {
  const reason = after === null ? null : abandonedReason(before, after, execution, timeoutSeconds);
  if (after === null || reason === null) return { after, notes: [] };
  const { phaseId, state } = after;
  try {
    const deadline = clock.now() + settleTimeoutMs(execution);
    const fail = (): Promise<boolean> => store.fail({ runId, phaseId }, reason, state);
    if (!(await retryTransient(fail, clock, deadline))) {
      return { after, notes: [t`${phaseId} was ${state} and changed before it could be set FAILED.`] };
    }
  } catch (error) {
    return { after, notes: [t`${phaseId} is still ${state}: ${serializeError(error).message}`] };
  }
  const failed = { ...after, state: 'FAILED', failureReason: reason, revision: `${after.revision} failed` };
  return {
    after: failed,
    notes: state === 'FAILED' ? [] : [t`${phaseId} was left ${state} and is set FAILED.`],
  };
}

/** How much of the output goes into a failure reason, in characters. */
const longestComplaint = 300;

/** States in which somebody is at work on a phase. */
const atWork: readonly State[] = ['EXECUTING', 'GATE', 'CI_RUNNING'];

/**
 * The reason with which a phase must be set FAILED after an execution, because nobody executes it any more;
 * `null` where its state is as it should be. `before` is the same phase as it was when the execution began.
 */
export function abandonedReason(
  before: PhaseSnapshot,
  after: PhaseSnapshot,
  execution: ExecutionResult,
  timeoutSeconds: number,
): string | null {
  const changed = wasWorkedOn(before, after);
  switch (execution.outcome) {
    case 'failed-to-start':
      return null;
    case 'timed-out':
      // A phase that was FAILED and never touched gets the new reason; one that failed by itself keeps its own.
      return atWork.includes(after.state) ||
        after.state === 'QUEUED' ||
        (after.state === 'FAILED' && !changed)
        ? `Timed out after ${timeoutSeconds} s.`
        : null;
    case 'cancelled':
      return changed && atWork.includes(after.state) ? 'Cancelled by user.' : null;
    case 'interrupted':
      return changed && after.state !== 'GATE' && atWork.includes(after.state)
        ? `The drain was interrupted while the phase was ${after.state}, and nothing executes it.`
        : null;
    case 'exited':
      // GATE stays: a phase may wait there for a person's approval after its executor has ended.
      return changed && after.state !== 'GATE' && atWork.includes(after.state)
        ? `The executor ended${exitOf(execution)} and left the phase ${after.state}${because(execution)}.`
        : null;
  }
}

/** Without what the output says, all crashes would look the same. */
function because(execution: ExecutionResult): string {
  const complaint = complaintOf(execution);
  return complaint === null ? '' : `: ${complaint.slice(0, longestComplaint).replace(/\.$/, '')}`;
}

function exitOf({ exitCode }: ExecutionResult): string {
  return exitCode === null ? ' by a signal' : ` with exit code ${exitCode}`;
}
