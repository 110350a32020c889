import { formatCount } from '../text/quantities.ts';
import type { Choice } from './candidateQueue.ts';
import type { LogPaths } from './drainPorts.ts';
import type { DrainResult } from './drainResult.ts';
import { errorOf } from './errorText.ts';
import type { ExecutionResult } from './executorPort.ts';
import { fingerprintOf } from './fingerprint.ts';
import { eventsOf, noYield, type PhaseGlimpse, type PhaseObservation, yieldOf } from './phaseObservation.ts';
import { evidencePatterns, findEvidence } from './outputEvidence.ts';
import { isNameless, otherTokensOf } from './otherTokens.ts';
import { type WhatRan, wasWorkedOn } from './whatRan.ts';
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

/** Judges an execution by what the database says afterwards. `settled` is the main phase in its last state. */
export function phaseResult(
  executed: ExecutedPhase,
  ran: WhatRan,
  settled: PhaseGlimpse | null,
  seen: PhaseObservation,
  notes: readonly string[],
): DrainResult {
  const { choice, execution, timeoutSeconds } = executed;
  const { before, after } = ran.main;
  const key = { runId: choice.candidate.runId, phaseId: before.phaseId };
  const success = settled?.state === 'COMPLETE';
  const finalState = settled?.state ?? 'UNKNOWN';
  // As the execution left the phase: what the drain writes when it sets a phase right is no cause.
  const explained = success ? null : errorOf(before, after, execution, timeoutSeconds);
  const error = explained?.text ?? null;
  const yielded = yieldOf(seen, key);
  const misfiled = misfiledUnder(seen, key.phaseId);
  const otherTokens = otherTokensOf(seen, key);
  const zeroYield =
    eventsOf(yielded) > 0
      ? null
      : explainZeroYield({
          execution,
          timeoutSeconds,
          success,
          unchanged: after !== null && !wasWorkedOn(before, after),
          hasTelemetryTable: seen.hasTelemetryTable,
          llmCalls: yielded.llmCalls,
          misfiled,
          error: error ?? '',
        });
  return {
    ...common(executed),
    ...key,
    phaseIndex: before.phaseIndex,
    askedFor: ran.isAskedFor ? null : choice.candidate.phaseId,
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
      ...(ran.isAskedFor ? [] : [`The executor ran ${key.phaseId} instead of ${choice.candidate.phaseId}.`]),
      ...ran.others.map((other) => `${other.before.phaseId} of the same run was executed, too.`),
      ...(explained?.status == null
        ? []
        : [`The database says only ${explained.status}; the output says why.`]),
      ...(misfiled === '' ? [] : [misfiled]),
      ...(otherTokens === 0 ? [] : [noteOn(otherTokens)]),
      ...notes,
      ...(execution.notes ?? []),
    ],
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
      advice: 'Look at the database and the logs, then drain again.',
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
  };
}

/** Other runs may have a phase of that name at work: only what is under no run is surely of this one. */
function misfiledUnder(seen: PhaseObservation, phaseId: string): string {
  const found = seen.yields.find((each) => each.phaseId === phaseId && isNameless(each.runId));
  const events = found === undefined ? 0 : eventsOf(found.yield);
  return events === 0
    ? ''
    : `${events} event(s) of ${phaseId} were written under run "${found?.runId ?? ''}".`;
}

function noteOn(tokens: number): string {
  return `${formatCount(tokens)} tokens were recorded under other phases of the run, or under no run; they count against the token budget.`;
}
