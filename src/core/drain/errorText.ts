import { cutStart } from '../text/printable.ts';
import type { ExecutionResult } from './executorPort.ts';
import { exitCodeMeaning, exitText } from './exitCode.ts';
import { causeInOutput, causeOf, type FailureCause, isBareStatus } from './failureCause.ts';
import { outputLines } from './outputLines.ts';
import type { PhaseGlimpse } from './phaseObservation.ts';
import { wasWorkedOn } from './whatRan.ts';

const longest = 1000;

/** Why an execution did not complete its phase. */
export interface ExplainedError {
  /** Never empty. */
  readonly text: string;
  /** What the database says in its place, where that is only a status; `null` as a rule. */
  readonly status: string | null;
}

/**
 * Why an execution did not complete its phase: what tells most of the reason it wrote into the database and the lines of
 * its output, otherwise how it ended. `after` is the phase as the execution left it, before anybody set it right.
 */
export function errorOf(
  before: PhaseGlimpse,
  after: PhaseGlimpse | null,
  execution: ExecutionResult,
  timeoutSeconds: number,
): ExplainedError {
  if (after === null) return explained('The phase is no longer in the database.');
  const reason = wasWorkedOn(before, after) ? meaningful(after.failureReason) : null;
  const cause = causeOf(reason, execution, before.phaseId);
  const isOfOutput = cause?.source !== 'database';
  if (cause !== null && !isOfOutput && !isBareStatus(cause.text)) return explained(cause.text);
  if (execution.outcome === 'timed-out') return explained(`Timed out after ${timeoutSeconds} s.`);
  if (execution.outcome === 'cancelled') return explained('Cancelled by user.');
  if (execution.outcome === 'interrupted') {
    return explained('The drain was interrupted while the phase was executed.');
  }
  if (cause === null || !isOfOutput) return howItEnded(reason, execution);
  return explained(cause.text, reason);
}

/** The line of output that tells most of what went wrong; stderr first, where programs complain. */
export function complaintOf({ stdoutTail, stderrTail }: ExecutionResult): string | null {
  const found = [causeInOutput(stderrTail, 'stderr'), causeInOutput(stdoutTail, 'stdout')];
  const best = found.reduce<FailureCause | null>(
    (most, each) => (each !== null && each.weight > (most?.weight ?? 0) ? each : most),
    null,
  );
  return best === null ? null : cutStart(best.text, longest);
}

/** Where nothing complains: a status there is, unless the exit code says more, or the last words. */
function howItEnded(
  status: string | null,
  { exitCode, stdoutTail, stderrTail }: ExecutionResult,
): ExplainedError {
  const end = exitText(exitCode);
  const isTelling = exitCode === null || exitCodeMeaning(exitCode) !== null;
  if (status !== null && !isTelling) return explained(status);
  const last = lastLine(stderrTail) ?? lastLine(stdoutTail);
  return explained(
    last === null || isBareStatus(last) ? `${end}, no output that says why.` : `${end}: ${last}`,
    status,
  );
}

function explained(text: string, status: string | null = null): ExplainedError {
  return { text: cutStart(text, longest), status: status === text ? null : status };
}

function meaningful(reason: string | null): string | null {
  return reason === null || reason.trim() === '' ? null : reason.trim();
}

function lastLine(output: string): string | null {
  return (
    outputLines(output)
      .findLast((each) => each.trim() !== '')
      ?.trim() ?? null
  );
}
