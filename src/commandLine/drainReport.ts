import type { DrainPause, DrainProgress } from '../core/drain/drainProgress.ts';
import {
  lastResults,
  zeroYieldText,
  type DrainResult,
  type OutcomeCounts,
} from '../core/drain/drainResult.ts';
import { spendFacts, spendOfResults } from '../core/drain/spendTexts.ts';
import type { DrainSummary } from '../core/drain/drainSummary.ts';
import type { PhaseKey } from '../core/model/phase.ts';
import { eventsOf } from '../core/model/phaseObservation.ts';
import { keyOf } from '../core/queries/candidates.ts';
import { counted, formatCount } from '../core/text/quantities.ts';
import { exitCodes, type CommandResult, type ExitCode } from './commandContext.ts';
import { textLines } from './textLayout.ts';

/** The summary of a drain for a person at a terminal. */
export function drainText(summary: DrainSummary): string {
  const { processed, events, stop } = summary;
  const lines = [
    `Drained ${counted(processed, 'phase')}: ${outcomeText(summary)}; ${counted(events, 'telemetry event')}, ${formatCount(summary.yield.outputTokens)} output tokens.`,
    ...spendLine(summary),
    `Stopped: ${stop.message}`,
    ...summary.warnings.map((warning) => `warning: ${warning}`),
    ...summary.results.filter(needsExplaining).flatMap(explained),
    ...summary.notTaken.map(
      ({ phases, reason }) => `Not drained: ${counted(phases.length, 'phase')}: ${reason}`,
    ),
  ];
  if (summary.sessionPath !== null) lines.push(`Session: ${summary.sessionPath}`);
  return textLines([...lines, `Next: ${summary.nextStep}`]);
}

/** `Model: 10 calls, input 12,000 tokens, output 9,300 tokens, cost about $0.12`; nothing where no model was called by us. */
function spendLine({ results }: DrainSummary): string[] {
  const facts = spendFacts(spendOfResults(results));
  return facts.length === 0
    ? []
    : [
        facts
          .flatMap(([name, value]) => (value === null ? [] : [`${name}: ${value}`]))
          .join('; ')
          .concat('.'),
      ];
}

function needsExplaining({ success, zeroYield, notes }: DrainResult): boolean {
  return !success || zeroYield !== null || notes.length > 0;
}

function explained(result: DrainResult): string[] {
  const { runId, phaseId, finalState, error, zeroYield, stderrPath, notes } = result;
  const lines = [`${runId} ${phaseId}: ${finalState}${error === null ? '' : `, ${error}`}`];
  if (zeroYield !== null) {
    lines.push(`  no telemetry (${zeroYield.code}): ${zeroYieldText(zeroYield, error)}`);
  }
  return [...lines, ...notes.map((note) => `  note: ${note}`), `  log: ${stderrPath}`];
}

/** The phases that were named and not executed, where others were in their place. */
export function displacedPhases(
  named: readonly PhaseKey[],
  { results }: Pick<DrainSummary, 'results'>,
): readonly PhaseKey[] {
  const keys = new Set(named.map(keyOf));
  if (results.every((result) => keys.has(keyOf(result)))) return [];
  const executed = new Set(results.map(keyOf));
  return named.filter((key) => !executed.has(keyOf(key)));
}

/** The displaced phases for a person at a terminal, one line each; empty without any. */
export function displacedText(
  displaced: readonly PhaseKey[],
  { results }: Pick<DrainSummary, 'results'>,
): string[] {
  return displaced.map(({ runId, phaseId }) => {
    const others = results.filter((result) => result.runId === runId).map((result) => result.phaseId);
    return textLines([
      `Not executed: ${runId} ${phaseId}. ${others.join(', ')} ran in its place; drain it again until it is its turn.`,
    ]);
  });
}

/** The object `drain --json` prints. */
export function drainJson(databaseUrl: string, summary: DrainSummary): object {
  const spend = spendOfResults(summary.results);
  return {
    databaseUrl,
    sessionId: summary.sessionId,
    sessionPath: summary.sessionPath,
    executor: summary.executor,
    startedAt: new Date(summary.startedAt).toISOString(),
    endedAt: new Date(summary.endedAt).toISOString(),
    stop: summary.stop,
    processed: summary.processed,
    succeeded: summary.succeeded,
    failed: summary.failed,
    timedOut: summary.timedOut,
    cancelled: summary.cancelled,
    interrupted: summary.interrupted,
    telemetryEvents: summary.events,
    yield: summary.yield,
    ...(spend === null ? {} : { spend }),
    results: summary.results.map(resultJson),
    notTaken: summary.notTaken,
    warnings: summary.warnings,
    nextStep: summary.nextStep,
  };
}

function resultJson(result: DrainResult): unknown {
  return {
    runId: result.runId,
    phaseId: result.phaseId,
    attempt: result.attempt,
    initialState: result.initialState,
    finalState: result.finalState,
    success: result.success,
    outcome: result.outcome,
    exitCode: result.exitCode,
    durationSeconds: result.durationMs / 1000,
    error: result.error,
    fingerprint: result.fingerprint,
    telemetryEvents: eventsOf(result.yield),
    outputTokens: result.yield.outputTokens,
    otherTokens: result.otherTokens,
    zeroYield: result.zeroYield,
    notes: result.notes,
    ...(result.spend === undefined ? {} : { spend: result.spend }),
    stdoutPath: result.stdoutPath,
    stderrPath: result.stderrPath,
  };
}

/** `2 succeeded, 1 failed, 0 timed out, 1 cancelled`; what is rare is left out where there is none. */
export function outcomeText({ succeeded, failed, timedOut, cancelled, interrupted }: OutcomeCounts): string {
  return [
    `${succeeded} succeeded`,
    `${failed} failed`,
    `${timedOut} timed out`,
    ...(cancelled > 0 ? [`${cancelled} cancelled`] : []),
    ...(interrupted > 0 ? [`${interrupted} interrupted`] : []),
  ].join(', ');
}

const pauseTexts: Readonly<Record<DrainPause, string>> = {
  none: 'continued',
  pausing: 'pausing after this phase, as asked for in the editor',
  paused: 'paused in the editor; resume it there, or press Ctrl+C to end it',
};

/**
 * One line of progress for a terminal, or `null` where there is nothing to say. `announced` is the phase of the last line that
 * announced one: workers announce none, and the result of any other phase names it.
 */
export function drainProgressText(progress: DrainProgress, announced: PhaseKey | null): string | null {
  switch (progress.kind) {
    case 'session-started': {
      const { candidates, batchSize, executor, sessionPath } = progress;
      return `Draining up to ${batchSize} of ${counted(candidates, 'candidate')} with the ${executor} executor; session ${sessionPath}`;
    }
    case 'warning':
      return `warning: ${progress.message}`;
    case 'phase-started': {
      const { number, of, key, reason } = progress;
      return `[${number}/${of}] ${key.runId} ${key.phaseId}: ${reason}`;
    }
    case 'phase-finished': {
      const { result } = progress;
      const isAnnounced = announced?.runId === result.runId && announced.phaseId === result.phaseId;
      return `        ${isAnnounced ? '' : `${result.runId} ${result.phaseId}: `}${resultText(result)}`;
    }
    case 'run-judged': {
      const { runId, promising, reason } = progress;
      return `        run ${runId} is ${promising ? 'promising' : 'set back'}: ${reason}`;
    }
    case 'pause-changed':
      return pauseTexts[progress.pause];
    case 'workers-changed':
    case 'phase-progress':
    case 'stopped':
      return null;
  }
}

function resultText({ finalState, durationMs, yield: gained, error, zeroYield }: DrainResult): string {
  const seconds = (durationMs / 1000).toFixed(1);
  const parts = [`${finalState} after ${seconds} s`, counted(eventsOf(gained), 'telemetry event')];
  if (error !== null) parts.push(error);
  if (zeroYield !== null) parts.push(`no telemetry: ${zeroYieldText(zeroYield, error)}`);
  return parts.join('; ');
}

/** Interrupted, refused (nothing could be executed), findings (phases failed), or good. */
export function exitCodeOf({ stop, results }: DrainSummary): ExitCode {
  switch (stop.kind) {
    case 'cancelled':
      return exitCodes.interrupted;
    case 'executor-unavailable':
    case 'no-trace':
    case 'failed':
      return exitCodes.refused;
    case 'batch-done':
    case 'nothing-left':
    case 'total-time':
    case 'token-budget':
    case 'cost-limit':
    case 'zero-yield-streak':
    case 'same-failure':
    case 'environment':
      return lastResults(results).every(({ success }) => success) ? exitCodes.good : exitCodes.findings;
  }
}

/** What a command that drained prints, and how it exits. */
export function drainResult(databaseUrl: string, summary: DrainSummary): CommandResult {
  return { exitCode: exitCodeOf(summary), json: drainJson(databaseUrl, summary), text: drainText(summary) };
}
