import { CancelledError, serializeError, UserFacingError } from '../errors.ts';
import { failureKindOf, type FailureKind } from '../failures/failureKind.ts';
import { evidencePatterns, findEvidence } from '../failures/outputLines.ts';
import type { ExecutorProblem } from '../model/execution.ts';
import { totalCost } from '../model/modelCall.ts';
import { t } from '../text/l10n.ts';
import { counted, formatDollars } from '../text/quantities.ts';
import type { DrainLedger, EnvironmentStreak } from './drainLedger.ts';
import type { DrainOptions, DrainRequest } from './drainOptions.ts';
import { isFailure, lastResults, type DrainResult } from './drainResult.ts';
import type { DrainStop, DrainSummary } from './drainSummary.ts';
import { causeBeyondPhase, hadNoChance, environmentFailures } from './failureTreatment.ts';

/** A stop with what to do about it, where that is known. */
export interface ExplainedStop extends DrainStop {
  readonly nextStep: string | null;
}

/** The stop for anything thrown while a drain ran. */
export function stopOf(error: unknown): ExplainedStop {
  if (error instanceof CancelledError) return cancelledStop();
  const { message } = serializeError(error);
  const nextStep = error instanceof UserFacingError ? error.nextStep : null;
  return { kind: 'failed', message, complete: false, nextStep };
}

/** The stop for a fired signal. */
export const cancelledStop = (): ExplainedStop => ({
  kind: 'cancelled',
  message: t`The drain was cancelled.`,
  complete: false,
  nextStep: t`Resume the session at any time: the remaining phases are unchanged.`,
});

/** The stop at a limit; `last` is the result before it. */
export function limitStop(stop: DrainStop, last: DrainResult | undefined): ExplainedStop {
  switch (stop.kind) {
    case 'total-time':
    case 'token-budget':
    case 'cost-limit':
      return {
        ...stop,
        nextStep: t`Review the results; to continue, resume the session with a larger limit.`,
      };
    case 'same-failure':
    case 'environment':
    case 'zero-yield-streak': {
      const known = last?.error == null ? null : failureKindOf(last.error);
      const path = last?.stderrPath;
      const cause = path === undefined ? t`Read the logs for the cause.` : t`Read ${path} for the cause.`;
      const advice = known?.advice ?? last?.zeroYield?.advice ?? cause;
      if (saysResume(known, last)) return { ...stop, nextStep: advice };
      const trial = t`Then resume the session: one phase shows whether it helped.`;
      return { ...stop, nextStep: `${advice} ${trial}` };
    }
    case 'batch-done':
    case 'nothing-left':
    case 'cancelled':
    case 'executor-unavailable':
    case 'no-trace':
    case 'failed':
      return { ...stop, nextStep: null };
  }
}

/** Whether the advice on a failure ends with the session's resume already, as that on what ends a drain does. */
function saysResume(known: FailureKind | null, last: DrainResult | undefined): boolean {
  const { cause, evidence = '' } = last?.zeroYield ?? {};
  const kind = known ?? (cause === 'provider-error' ? failureKindOf(evidence) : null);
  return kind?.treatment === 'stop';
}

/** The stop where every other phase would fail like this one until a person has acted; `null` after any other result. */
export function refusedStop(result: DrainResult): ExplainedStop | null {
  const kind = causeBeyondPhase(result);
  if (kind?.treatment !== 'stop') return null;
  return {
    kind: 'environment',
    message: t`The model provider refused the request (${kind.name}): ${result.error ?? kind.evidence}`,
    complete: false,
    nextStep: kind.advice,
  };
}

/** The stop where what the executor needs is gone in the middle of a drain. */
export function problemStop({ message, nextStep }: ExecutorProblem): ExplainedStop {
  return { kind: 'executor-unavailable', message, complete: false, nextStep };
}

/** The stop where the executor cannot be started. */
export function unavailableStop(executor: string, result: DrainResult): ExplainedStop {
  return {
    kind: 'executor-unavailable',
    message: t`The ${executor} executor could not be started: ${result.error ?? t`no reason was given`}`,
    complete: false,
    nextStep: t`Choose another executor or interpreter, then drain again.`,
  };
}

/**
 * The stop after an execution that left nothing in the database, though it says that it worked; `null` where it ended
 * before it could have, as a program does that cannot be started. `finalState` is what the database says.
 */
export function noTraceStop(result: DrainResult, databasePath: string): ExplainedStop | null {
  const { phaseId, exitCode, outcome, stdoutTail, stderrTail, stderrPath } = result;
  const output = { stdoutTail, stderrTail };
  const says = findEvidence(evidencePatterns.endedPhase, output);
  const called = findEvidence(evidencePatterns.modelCalled, output);
  const isWorking = outcome === 'exited' && (exitCode === 0 || says !== null || called !== null);
  if (!isWorking) return null;
  // The script tells the state of the phase even where it has found no server or no interpreter to execute it with.
  if (called === null && hadNoChance(result)) return null;
  const evidence = says ?? called;
  if (called === null && says !== null && saysState(says, result.finalState)) {
    return noTrace(
      t`The executor ended ${phaseId} (${says}), but nothing changed in ${databasePath}: it did nothing, or works on another database.`,
      t`Read ${stderrPath} for why it did nothing, and check what names a database (doctor lists it), then resume the session.`,
    );
  }
  return noTrace(
    evidence === null
      ? t`The executor ended ${phaseId} with exit code 0, but nothing changed in ${databasePath}: it works on another database, or on none.`
      : t`The executor says that it worked on ${phaseId} (${evidence}), but nothing changed in ${databasePath}: it works on another database.`,
    t`Find out what leads the executor to another database (doctor lists everything that names one), then resume the session.`,
  );
}

/** Whether the state that the executor's script names at its end is the one in the database at hand. */
function saysState(evidence: string, state: string): boolean {
  return /\bFinal state: *(\w+)/.exec(evidence)?.[1]?.toUpperCase() === state.toUpperCase();
}

function noTrace(message: string, nextStep: string): ExplainedStop {
  return { kind: 'no-trace', message, complete: false, nextStep };
}

/** The stop where no candidate is left that the rules allow. */
export function nothingLeftStop(skipped: number): ExplainedStop {
  const message =
    skipped === 0
      ? t`Every candidate was drained.`
      : skipped === 1
        ? t`The rules do not allow the one candidate left.`
        : t`The rules allow none of the ${skipped} candidates left.`;
  return { kind: 'nothing-left', message, complete: true, nextStep: null };
}

/** What a person does after a drain, from what it came to. One sentence. */
export function nextStepAfter(summary: Omit<DrainSummary, 'nextStep'>, known: string | null): string {
  if (known !== null) return known;
  const stranded = summary.results.find(isLeftBehind);
  if (stranded !== undefined) {
    const { phaseId, runId } = stranded;
    return t`Check for stale phases: ${phaseId} of ${runId} is still EXECUTING, and nothing executes it.`;
  }
  const failure = lastResults(summary.results).find(isFailure);
  if (summary.events > 0 && failure === undefined) return t`Check the identity, then analyze the telemetry.`;
  if (failure !== undefined) {
    const advice = failure.zeroYield?.advice;
    return advice === undefined || summary.events > 0
      ? t`Read ${failure.stderrPath} for the first failure, then analyze the telemetry there is.`
      : advice;
  }
  return summary.processed > 0
    ? (summary.results[0]?.zeroYield?.advice ?? t`Check the identity of the database.`)
    : t`Check why the candidates were skipped, and change the drain limits if needed.`;
}

/** Whether a lock kept the drain from setting right what its executor left; another phase than asked for may be at work. */
function isLeftBehind({ finalState, askedFor }: DrainResult): boolean {
  return finalState === 'EXECUTING' && askedFor === null;
}

/**
 * Why no further phase is started, as far as the limits of the drain go; `null` to go on. `elapsedMs` is how long it was
 * at work. `isTrial` after it was resumed from a streak of failures: one phase then shows whether the cause is repaired.
 */
export function limitReached(
  ledger: DrainLedger,
  options: DrainOptions,
  elapsedMs: number,
  isTrial = false,
): DrainStop | null {
  if (ledger.taken >= options.batchSize) {
    return { kind: 'batch-done', message: t`The batch of ${options.batchSize} is done.`, complete: true };
  }
  const { maxTotalMinutes, maxTokens, maxConsecutiveZeroYield, maxSameFailureRuns } = options;
  if (maxTotalMinutes !== null && elapsedMs >= maxTotalMinutes * 60_000) {
    return stopped('total-time', t`The drain reached its limit of ${maxTotalMinutes} min.`);
  }
  const { tokens } = ledger;
  if (maxTokens !== null && tokens >= maxTokens) {
    return stopped('token-budget', t`The drain used ${tokens} tokens of its budget of ${maxTokens}.`);
  }
  const cost = totalCost(ledger.spend.cost);
  if (options.maxCost !== null && cost >= options.maxCost) {
    return stopped(
      'cost-limit',
      t`The drain cost ${formatDollars(cost)} of its limit of ${formatDollars(options.maxCost)}.`,
    );
  }
  if (isTrial) return null;
  const { sameFailure, environment } = ledger;
  // What had no chance does not count towards the batch, but nobody who asks for one execution wants two.
  const isLast = environment !== null && ledger.taken + environment.count >= options.batchSize;
  if (environment !== null && (isLast || environment.count >= environmentFailures)) {
    return environmentStop(environment);
  }
  if (maxSameFailureRuns !== null && sameFailure !== null && sameFailure.runs.size >= maxSameFailureRuns) {
    const failed = counted(sameFailure.runs.size, 'run');
    return stopped('same-failure', t`${failed} in a row failed for the same reason.`);
  }
  if (maxConsecutiveZeroYield !== null && ledger.zeroYieldStreak >= maxConsecutiveZeroYield) {
    return stopped('zero-yield-streak', t`${ledger.zeroYieldStreak} phases in a row gave no telemetry.`);
  }
  return null;
}

function environmentStop({ runs, count, evidence }: EnvironmentStreak): DrainStop {
  const what =
    runs.size > 1
      ? t`${runs.size} runs in a row failed for a cause outside their phases`
      : count > 1
        ? t`${count} executions in a row failed for a cause outside their phases`
        : t`A phase failed for a cause outside it`;
  return stopped('environment', `${what}: ${evidence}`);
}

function stopped(kind: DrainStop['kind'], message: string): DrainStop {
  return { kind, message, complete: false };
}

/** One phase, once. */
export const probeLimits: DrainRequest = { batchSize: 1, maxAttemptsPerPhase: 1 };

/** Whether a whole batch is worth its tokens, by what one phase came to. */
export interface ProbeVerdict {
  readonly isGo: boolean;
  /** One sentence. */
  readonly reason: string;
}

/** Judges a probe: it is a go if the phase gave telemetry, or was COMPLETE without a call that should have given some. */
export function judgeProbe({ results, events, stop }: DrainSummary): ProbeVerdict {
  const [result] = results;
  if (result === undefined) return { isGo: false, reason: `No phase was executed: ${stop.message}` };
  if (events > 0) {
    return {
      isGo: true,
      reason: `${result.phaseId} gave ${events} telemetry event${events === 1 ? '' : 's'}.`,
    };
  }
  const { zeroYield } = result;
  if (result.success && zeroYield?.cause === 'succeeded-without-model') {
    return { isGo: true, reason: `${result.phaseId} is COMPLETE and needed no model call.` };
  }
  const why = zeroYield === null ? (result.error ?? 'no reason was given.') : zeroYield.evidence;
  return { isGo: false, reason: `${result.phaseId} is ${result.finalState} and gave no telemetry: ${why}` };
}
