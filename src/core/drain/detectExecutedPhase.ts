import type { ExecutionResult } from '../model/execution.ts';
import {
  gaveTelemetry,
  tokensOf,
  type PhaseSnapshot,
  type PhaseObservation,
} from '../model/phaseObservation.ts';
import { drainableStates } from '../queries/candidates.ts';

/** A phase before and after an execution; `after` is `null` when it is gone. */
export interface PhaseChange {
  readonly before: PhaseSnapshot;
  readonly after: PhaseSnapshot | null;
}

/** What an execution worked on. */
export interface DetectedExecution {
  /** The phase to hold the result against: the one asked for, unless it was left alone and another of its run ran. */
  readonly main: PhaseChange;
  readonly isAskedFor: boolean;
  /** Other phases of the run that were executed as well. */
  readonly others: readonly PhaseChange[];
}

type Output = Pick<ExecutionResult, 'stdoutTail' | 'stderrTail'>;

/**
 * Compares a run before and after an execution: Autopack's script may run an earlier queued phase than asked. A row that
 * was only touched did not run: the script notes repairs in every queued phase, and puts a failed one back in the queue.
 */
export function detectExecutedPhase(
  runId: string,
  asked: PhaseSnapshot,
  before: PhaseObservation,
  after: PhaseObservation,
  output: Output,
): DetectedExecution {
  const gave = ({ phaseId }: PhaseSnapshot): boolean => gaveTelemetry(after, { runId, phaseId });
  const ran = ({ before: was, after: is }: PhaseChange): boolean =>
    gave(was) || (is !== null && wasWorkedOn(was, is));
  const others = before.siblings
    .filter(({ state, phaseId }) => drainableStates.includes(state) || isNamed(phaseId, output))
    .map((sibling) => ({
      before: sibling,
      after: after.siblings.find(({ phaseId }) => phaseId === sibling.phaseId) ?? null,
    }))
    .filter(ran)
    .sort((a, b) => Number(gave(b.before)) - Number(gave(a.before)));
  const main = { before: asked, after: after.phase };
  const [instead, ...rest] = others;
  if (instead === undefined || ran(main)) return { main, isAskedFor: true, others };
  return { main: instead, isAskedFor: false, others: rest };
}

/** Whether a phase was executed in between: its state, reason, attempts, tokens or times say so. */
export function wasWorkedOn(before: PhaseSnapshot, after: PhaseSnapshot): boolean {
  // Back in the queue is what a person or a program may have done without executing anything.
  if (after.state !== before.state && after.state !== 'QUEUED') return true;
  if (after.failureReason !== before.failureReason && (after.failureReason ?? '').trim() !== '') return true;
  const [was, is] = [before.work, after.work];
  if (was === null || is === null) return false;
  return (
    is.tokens > was.tokens ||
    is.attempts.some((count, index) => count > (was.attempts[index] ?? 0)) ||
    (is.startedAt !== was.startedAt && is.startedAt !== null) ||
    (is.completedAt !== was.completedAt && is.completedAt !== null)
  );
}

/** Whether an execution left anything in the database: a row of its run was touched, or telemetry of it appeared. */
export function leftTrace(runId: string, before: PhaseObservation, after: PhaseObservation): boolean {
  const revisions = ({ phase, siblings }: PhaseObservation): Map<string, string> =>
    new Map([...(phase === null ? [] : [phase]), ...siblings].map((each) => [each.phaseId, each.revision]));
  const [was, is] = [revisions(before), revisions(after)];
  return (
    before.runRevision !== after.runRevision ||
    [...was].some(([phaseId, revision]) => is.get(phaseId) !== revision) ||
    after.yields.some((each) => each.runId === runId || isNameless(each.runId))
  );
}

/** Whether the output of an execution names a phase, and not merely another whose id begins like it. */
export function isNamed(phaseId: string, { stdoutTail, stderrTail }: Output): boolean {
  const word = new RegExp(
    String.raw`(?<![\w-])${phaseId.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`)}(?![\w-])`,
  );
  return phaseId !== '' && (word.test(stdoutTail) || word.test(stderrTail));
}

/** Whether events are under no run: Autopack has been seen to write them under `unknown`. */
export function isNameless(runId: string): boolean {
  return /^(?:unknown|none|)$/i.test(runId);
}

/**
 * Tokens that appeared during an execution under other phases of its run than those it is booked under, or under no run.
 * They are credited to no phase, but were almost certainly spent by the execution, so cost limits must count them.
 */
export function otherTokensOf(
  { yields }: PhaseObservation,
  runId: string,
  booked: readonly string[],
): number {
  return yields
    .filter((each) => (each.runId === runId ? !booked.includes(each.phaseId) : isNameless(each.runId)))
    .reduce((sum, each) => sum + tokensOf(each.yield), 0);
}
