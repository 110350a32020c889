import { formatCount } from '../text/quantities.ts';
import type { Choice } from './candidateQueue.ts';
import type { LogPaths } from './drainPorts.ts';
import type { DrainResult } from './drainResult.ts';
import { errorOf } from './errorText.ts';
import type { ExecutionResult } from '../model/execution.ts';
import { fingerprintOf } from '../failures/fingerprint.ts';
import {
  eventsOf,
  noYield,
  type PhaseSnapshot,
  type PhaseObservation,
  yieldOf,
} from '../model/phaseObservation.ts';
import { evidencePatterns, findEvidence, outputLines } from '../failures/outputLines.ts';
import { t } from '../text/l10n.ts';
import { isNameless, otherTokensOf, isNamed, wasWorkedOn, type PhaseChange } from './detectExecutedPhase.ts';
import { explainZeroYield } from './zeroYield.ts';

/** One execution, before anyone has judged it. Times are ms since the epoch. */
export interface ExecutedPhase {
  readonly choice: Pick<Choice, 'candidate' | 'attempt'>;
  readonly execution: ExecutionResult;
  readonly logs: LogPaths;
  readonly startedAt: number;
  readonly finishedAt: number;
  readonly timeoutSeconds: number;
}

/** A phase that ran in an execution. */
export interface PhaseThatRan {
  /** As the execution left it: what the drain writes when it sets a phase right is no cause. */
  readonly change: PhaseChange;
  /** In its last state. */
  readonly settled: PhaseSnapshot | null;
  /** As in `DrainResult`. */
  readonly askedFor: string | null;
  readonly alongside: string | null;
  /** All phases that the execution is booked under. */
  readonly booked: readonly string[];
  /** Whether the execution left anything in the database. */
  readonly hasTrace: boolean;
  readonly notes: readonly string[];
}

/** Judges what an execution came to for a phase, by what the database says afterwards. */
export function phaseResult(
  executed: ExecutedPhase,
  { change, settled, askedFor, alongside, booked, hasTrace, notes }: PhaseThatRan,
  seen: PhaseObservation,
): DrainResult {
  const { choice, timeoutSeconds } = executed;
  const { before, after } = change;
  const execution = alongside === null ? executed.execution : ofPhase(change, executed.execution);
  const key = { runId: choice.candidate.runId, phaseId: before.phaseId };
  const success = settled?.state === 'COMPLETE';
  const finalState = settled?.state ?? 'UNKNOWN';
  const explained = success ? null : errorOf(before, after, execution, timeoutSeconds);
  const error = explained?.text ?? null;
  const yielded = yieldOf(seen, key);
  const misfiled = misfiledUnder(seen, key.phaseId);
  const otherTokens = alongside === null ? otherTokensOf(seen, key.runId, booked) : 0;
  const zeroYield =
    eventsOf(yielded) > 0
      ? null
      : explainZeroYield({
          execution,
          timeoutSeconds,
          success,
          unchanged: after !== null && !wasWorkedOn(before, after),
          hasTrace,
          hasTelemetryTable: seen.hasTelemetryTable,
          llmCalls: yielded.llmCalls,
          misfiled,
          error: error ?? '',
        });
  return {
    ...common({ ...executed, execution }),
    ...key,
    phaseIndex: before.phaseIndex,
    askedFor,
    alongside,
    initialState: before.state,
    finalState,
    success,
    error,
    fingerprint:
      error === null || execution.outcome === 'cancelled' || execution.outcome === 'interrupted'
        ? null
        : fingerprintOf({
            ...key,
            error,
            outcome: execution.outcome,
            exitCode: execution.exitCode,
          }),
    yield: yielded,
    otherTokens,
    zeroYield,
    notes: [
      ...(askedFor === null ? [] : [t`The executor ran ${key.phaseId} instead of ${askedFor}.`]),
      ...(alongside === null ? [] : [t`The executor ran it along with ${alongside}.`]),
      ...(explained?.status == null
        ? []
        : [t`The database says only ${explained.status}; the output says why.`]),
      ...(misfiled === '' ? [] : [misfiled]),
      ...(otherTokens === 0 ? [] : [noteOn(otherTokens)]),
      ...notes,
      ...(alongside === null ? (execution.notes ?? []) : []),
    ],
  };
}

/** An execution as far as it was of one of several phases: how that ended, and the lines that name it. */
function ofPhase({ before, after }: PhaseChange, execution: ExecutionResult): ExecutionResult {
  const lines = (output: string): string =>
    outputLines(output)
      .filter((line) => isNamed(before.phaseId, { stdoutTail: line, stderrTail: '' }))
      .join('\n');
  const isOver = after !== null && wasWorkedOn(before, after) && after.state !== 'EXECUTING';
  return {
    ...execution,
    outcome: isOver ? 'exited' : execution.outcome,
    stdoutTail: lines(execution.stdoutTail),
    stderrTail: lines(execution.stderrTail),
  };
}

/** The result of an execution whose outcome nobody can read any more. */
export function lostResult(executed: ExecutedPhase, problem: string): DrainResult {
  const { runId, phaseId, phaseIndex, state } = executed.choice.candidate;
  return {
    ...common(executed),
    runId,
    phaseId,
    phaseIndex,
    askedFor: null,
    alongside: null,
    initialState: state,
    finalState: 'UNKNOWN',
    success: false,
    error: problem,
    fingerprint: null,
    yield: noYield,
    otherTokens: 0,
    zeroYield: {
      code: 'unknown',
      cause: 'unknown',
      evidence: problem,
      advice: t`Look at the database and the logs, then drain again.`,
    },
    notes: [],
  };
}

function common({
  choice,
  execution,
  logs,
  startedAt,
  finishedAt,
}: ExecutedPhase): Pick<
  DrainResult,
  | 'attempt'
  | 'outcome'
  | 'exitCode'
  | 'startedAt'
  | 'finishedAt'
  | 'durationMs'
  | 'reachedModelLimit'
  | 'stdoutPath'
  | 'stderrPath'
  | 'stdoutTail'
  | 'stderrTail'
  | 'spend'
> {
  const { outcome, exitCode, durationMs, stdoutTail, stderrTail } = execution;
  return {
    attempt: choice.attempt,
    outcome,
    exitCode,
    startedAt,
    finishedAt,
    durationMs,
    reachedModelLimit: findEvidence(evidencePatterns.modelLimit, execution) !== null,
    ...logs,
    stdoutTail,
    stderrTail,
    ...(execution.spend === undefined ? {} : { spend: execution.spend }),
  };
}

/** Other runs may have a phase of that name at work: only what is under no run is surely of this one. */
function misfiledUnder(seen: PhaseObservation, phaseId: string): string {
  const found = seen.yields.find((each) => each.phaseId === phaseId && isNameless(each.runId));
  const events = found === undefined ? 0 : eventsOf(found.yield);
  return events === 0
    ? ''
    : t`${events} event(s) of ${phaseId} were written under run "${found?.runId ?? ''}".`;
}

function noteOn(tokens: number): string {
  return t`${formatCount(tokens)} tokens were recorded under other phases of the run, or under no run; they count against the token budget.`;
}
