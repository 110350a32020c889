import type { ExecutionResult } from './executorPort.ts';
import type { PhaseGlimpse } from './phaseObservation.ts';
import { wasWorkedOn } from './whatRan.ts';

/** Lines that say what went wrong, rather than what went on. */
const complaint = /\b(?:\w*Error|\w*Exception|error|fatal|failed|failure|refus\w+|cannot|could not)\b/i;
const longest = 1000;

/**
 * Why an execution did not complete its phase: the reason in the database if this execution wrote one,
 * otherwise the last complaint in its output, otherwise how it ended. Never empty.
 */
export function errorOf(
  before: PhaseGlimpse,
  after: PhaseGlimpse | null,
  execution: ExecutionResult,
  timeoutSeconds: number,
): string {
  if (after === null) return 'The phase is no longer in the database.';
  if (wasWorkedOn(before, after) && isReason(after.failureReason))
    return after.failureReason.slice(0, longest);
  if (execution.outcome === 'timed-out') return `Timed out after ${timeoutSeconds} s.`;
  if (execution.outcome === 'cancelled') return 'Cancelled while executing.';
  if (execution.outcome === 'interrupted') return 'The drain was interrupted while the phase was executed.';
  const complaint = complaintOf(execution);
  const end = execution.exitCode === null ? 'Ended by a signal' : `Exit code ${execution.exitCode}`;
  if (complaint !== null) return complaint;
  const last = lastLine(execution.stderrTail) ?? lastLine(execution.stdoutTail);
  return last === null ? `${end}, the phase is ${after.state}, no output.` : `${end}: ${last}`;
}

/** The last line of output that says what went wrong; stderr first, where programs complain. */
export function complaintOf({ stdoutTail, stderrTail }: ExecutionResult): string | null {
  return lastComplaint(stderrTail) ?? lastComplaint(stdoutTail);
}

function isReason(reason: string | null): reason is string {
  return reason !== null && reason.trim() !== '';
}

function lastComplaint(output: string): string | null {
  const line = output
    .split(/\r?\n/)
    .findLast((each) => complaint.test(each) && !/^\s*(?:File ".*|at .*)$/.test(each));
  return line === undefined ? null : line.trim().slice(0, longest);
}

function lastLine(output: string): string | null {
  const line = output.split(/\r?\n/).findLast((each) => each.trim() !== '');
  return line === undefined ? null : line.trim().slice(0, longest);
}
