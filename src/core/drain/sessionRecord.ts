import type { Candidate } from './candidate.ts';
import type { DrainLedger } from './drainLedger.ts';
import type { DrainOptions } from './drainOptions.ts';
import type { DrainTarget } from './drainPorts.ts';
import type { DrainResult } from './drainResult.ts';
import type { DrainStop } from './drainSummary.ts';
import type { HygieneSession } from './hygieneSession.ts';
import { eventsOf } from './phaseObservation.ts';
import { type ReferenceResult, type ReferenceSession, timeoutReturnCode } from './referenceSession.ts';

/** A drain as it stands, to be written down. Times are ms since the epoch. */
export interface SessionState {
  readonly sessionId: string;
  readonly startedAt: number;
  readonly options: DrainOptions;
  readonly target: DrainTarget;
  readonly executor: string;
  readonly ledger: DrainLedger;
  readonly inFlight: {
    readonly candidate: Candidate;
    readonly attempt: number;
    readonly startedAt: number;
  } | null;
  /** Set when the drain has ended. */
  readonly end: { readonly stop: DrainStop; readonly at: number } | null;
}

/** How much of each stream the reference keeps in the session file, in characters. */
const excerptLength = 500;

/** The session as the reference writes it. A drain stopped by a limit is not completed: `completed_at` stays null. */
export function toReferenceSession({
  sessionId,
  startedAt,
  options,
  ledger,
  end,
}: SessionState): ReferenceSession {
  const results = ledger.results;
  const count = (is: (result: DrainResult) => boolean): number => results.filter(is).length;
  const runs = [...ledger.verdicts];
  const judged = (promising: boolean): string[] =>
    runs.filter(([, verdict]) => verdict.promising === promising).map(([runId]) => runId);
  return {
    session_id: sessionId,
    started_at: isoTime(startedAt),
    completed_at: end?.stop.complete === true ? isoTime(end.at) : null,
    batch_size: options.batchSize,
    total_processed: results.length,
    total_success: count(({ success }) => success),
    total_failed: count(({ success }) => !success),
    total_timeouts: count(({ outcome }) => outcome === 'timed-out'),
    total_telemetry_events: eventsOf(ledger.yield),
    results: results.map(toReferenceResult),
    fingerprint_counts: Object.fromEntries(ledger.fingerprintCounts),
    stopped_fingerprints: [...ledger.fingerprintCounts.keys()]
      .filter((each) => ledger.isStopped(each))
      .sort(),
    stopped_runs: ledger.stoppedRuns.sort(),
    consecutive_zero_yield: ledger.zeroYieldStreak,
    sampled_runs: runs.map(([runId]) => runId).sort(),
    promising_runs: judged(true).sort(),
    deprioritized_runs: judged(false).sort(),
  };
}

/** What we add, for the file beside it. */
export function toHygieneSession(state: SessionState): HygieneSession {
  const { sessionId, executor, target, inFlight, end, options, ledger } = state;
  return {
    version: 1,
    sessionId,
    executor,
    databasePath: target.databasePath,
    status: end === null ? 'running' : end.stop.complete ? 'complete' : 'stopped',
    stop: end === null ? null : { kind: end.stop.kind, message: end.stop.message },
    inFlight:
      inFlight === null
        ? null
        : {
            runId: inFlight.candidate.runId,
            phaseId: inFlight.candidate.phaseId,
            attempt: inFlight.attempt,
            initialState: inFlight.candidate.state,
            startedAt: inFlight.startedAt,
          },
    options: { ...options },
    results: ledger.results.map((result) => ({
      runId: result.runId,
      phaseId: result.phaseId,
      askedFor: result.askedFor,
      attempt: result.attempt,
      outcome: result.outcome,
      exitCode: result.exitCode,
      startedAt: result.startedAt,
      finishedAt: result.finishedAt,
      yield: result.yield,
      zeroYield: result.zeroYield,
      notes: [...result.notes],
    })),
  };
}

function toReferenceResult(result: DrainResult): ReferenceResult {
  const events = eventsOf(result.yield);
  return {
    run_id: result.runId,
    phase_id: result.phaseId,
    phase_index: result.phaseIndex,
    initial_state: result.initialState,
    final_state: result.finalState,
    success: result.success,
    error_message: result.error,
    timestamp: isoTime(result.finishedAt),
    subprocess_returncode: result.outcome === 'timed-out' ? timeoutReturnCode : result.exitCode,
    subprocess_duration_seconds: Math.round(result.durationMs / 10) / 100,
    subprocess_stdout_path: result.stdoutPath,
    subprocess_stderr_path: result.stderrPath,
    subprocess_stdout_excerpt: excerpt(result.stdoutTail),
    subprocess_stderr_excerpt: excerpt(result.stderrTail),
    failure_fingerprint: result.fingerprint,
    telemetry_events_collected: events,
    telemetry_yield_per_minute:
      events > 0 && result.durationMs > 0 ? Math.round((events / result.durationMs) * 6_000_000) / 100 : null,
    reached_llm_boundary: result.reachedModelLimit,
    zero_yield_reason: result.zeroYield?.code ?? null,
  };
}

/** The end of the output, which says more about a failure than its beginning. */
function excerpt(tail: string): string | null {
  return tail === '' ? null : tail.slice(-excerptLength);
}

/** As Python's `isoformat` writes a time in UTC. */
function isoTime(ms: number): string {
  return new Date(ms).toISOString().replace('Z', '000+00:00');
}
