import type { State } from '../model/state.ts';
import type { ExecutionResult } from './executorPort.ts';
import { complaintOf } from './errorText.ts';
import type { PhaseGlimpse } from './phaseObservation.ts';
import { wasWorkedOn } from './whatRan.ts';

/** How much of the output goes into a failure reason, in characters. */
const longestComplaint = 300;

/** States in which somebody is at work on a phase. */
const atWork: readonly State[] = ['EXECUTING', 'GATE', 'CI_RUNNING'];

/**
 * The reason with which a phase must be set FAILED after an execution, because nobody executes it any more;
 * `null` where its state is as it should be. `before` is the same phase as it was when the execution began.
 */
export function strandedReason(
  before: PhaseGlimpse,
  after: PhaseGlimpse,
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
        ? `The drain was interrupted while the phase was ${after.state}, and nobody executes it any more.`
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
