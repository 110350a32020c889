import { eventsOf } from '../core/model/phaseObservation.ts';
import { zeroYieldText, type DrainResult } from '../core/drain/drainResult.ts';
import type { DrainSummary } from '../core/drain/drainSummary.ts';
import { counted, formatCount } from '../core/text/quantities.ts';
import { outcomeText } from './outcomeText.ts';
import { textLines } from './textLines.ts';

/** The summary of a drain for a person at a terminal. */
export function drainText(summary: DrainSummary): string {
  const { processed, events, stop } = summary;
  const lines = [
    `Drained ${counted(processed, 'phase')}: ${outcomeText(summary)}; ${counted(events, 'telemetry event')}, ${formatCount(summary.yield.outputTokens)} output tokens.`,
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

/** The object `drain --json` prints. */
export function drainJson(databaseUrl: string, summary: DrainSummary): unknown {
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
    stdoutPath: result.stdoutPath,
    stderrPath: result.stderrPath,
  };
}
