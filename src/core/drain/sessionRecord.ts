import { type Candidate, drainableStates, keyOf } from '../queries/candidates.ts';
import type { DrainLedger } from './drainLedger.ts';
import type { DrainOptions } from './drainOptions.ts';
import type { DrainedDatabase, DrainLocation } from './drainPorts.ts';
import type { DrainResult } from './drainResult.ts';
import type { PhaseStart } from './drainPhase.ts';
import type { DrainStop } from './drainSummary.ts';
import type { PhaseMatch } from '../model/phaseFilter.ts';
import { excerptOf, toStoredResult, type HygieneSession } from './hygieneSession.ts';
import { eventsOf, type PhaseSnapshot } from '../model/phaseObservation.ts';
import { t } from '../text/l10n.ts';
import { fromAutopackSession } from './restoreSession.ts';
import { type AutopackResult, type AutopackSession, timeoutReturnCode } from './autopackSession.ts';

/** The phase under way. */
export interface InFlight {
  readonly candidate: Pick<Candidate, 'runId' | 'phaseId' | 'rowId'>;
  readonly attempt: number;
  readonly start: PhaseStart;
}

/** A drain as it stands, to be written down. Times are ms since the epoch. */
export interface SessionState {
  readonly sessionId: string;
  readonly startedAt: number;
  /** How long the drain was at work, in ms. */
  readonly activeMs: number;
  readonly options: DrainOptions;
  readonly target: DrainLocation;
  /** Which database is drained. */
  readonly database: DrainedDatabase;
  readonly executor: string;
  /** Variables that are set for executions. */
  readonly environment?: Readonly<Record<string, string>> | undefined;
  readonly ledger: DrainLedger;
  readonly inFlight: InFlight | null;
  /** A phase in flight when the session was killed, of which is not known yet what came of it. */
  readonly unresolved: HygieneSession['inFlight'];
  /** Set when the drain has ended. */
  readonly end: { readonly stop: DrainStop; readonly at: number } | null;
}

/** The session as Autopack writes it. A drain stopped by a limit is not completed: `completed_at` stays null. */
export function toAutopackSession({
  sessionId,
  startedAt,
  options,
  ledger,
  end,
}: SessionState): AutopackSession {
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
    results: results.map(toAutopackResult),
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

/** All we know, for the file beside it. */
export function toHygieneSession(state: SessionState): HygieneSession {
  const { sessionId, executor, target, startedAt, activeMs, inFlight, unresolved, end, options, ledger } =
    state;
  const { id, role, fileId, lastSerial } = state.database;
  return {
    version: options.match === null ? 2 : 3,
    sessionId,
    executor,
    databasePath: target.databasePath,
    database: { id, role, fileId, lastSerial },
    environment: { ...state.environment },
    startedAt,
    activeMs,
    status: end === null ? 'running' : end.stop.complete ? 'complete' : 'stopped',
    stop: end === null ? null : { kind: end.stop.kind, message: end.stop.message },
    inFlight: inFlight === null ? unresolved : storedStart(inFlight),
    options: {
      ...options,
      skipRunPrefixes: [...options.skipRunPrefixes],
      states: options.states === null ? null : [...options.states],
      match: options.match === null ? null : storedMatch(options.match),
      phaseKeys: options.phaseKeys?.map(({ runId, phaseId }) => ({ runId, phaseId })) ?? null,
    },
    results: ledger.results.map(toStoredResult),
  };
}

function storedMatch({ text, categories, complexities }: PhaseMatch): HygieneSession['options']['match'] {
  return { text, categories: [...categories], complexities: [...complexities] };
}

/** An execution that begins, as it is stored. */
export function storedStart({
  candidate,
  attempt,
  start,
}: InFlight): NonNullable<HygieneSession['inFlight']> {
  const { runId, phaseId, rowId } = candidate;
  const { siblings, marks, hasTelemetryTable, runRevision } = start.before;
  const phase = storedSnapshot(start.before.phase);
  const drainable = siblings.filter(({ state }) => drainableStates.includes(state)).map(storedSnapshot);
  const before = { phase, siblings: drainable, marks, hasTelemetryTable, runRevision };
  return { runId, phaseId, rowId, attempt, startedAt: start.startedAt, before, logs: start.logs };
}

function storedSnapshot(phase: PhaseSnapshot): NonNullable<HygieneSession['inFlight']>['before']['phase'] {
  const { work } = phase;
  return { ...phase, work: work === null ? null : { ...work, attempts: [...work.attempts] } };
}

/** What Autopack's own controller recorded stays as it wrote it. */
function toAutopackResult(result: DrainResult): AutopackResult {
  if (result.reference !== undefined) return result.reference;
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

function excerpt(tail: string): string | null {
  return tail === '' ? null : excerptOf(tail);
}

/**
 * A session with the results that Autopack's own controller has added since, in the order in which they ended: it resumes
 * any session that is not completed, and knows nothing of our file.
 */
export function withForeignResults(session: AutopackSession, facts: HygieneSession): HygieneSession {
  const keyOfResult = ({ run_id, phase_id, timestamp }: AutopackResult): string =>
    JSON.stringify([run_id, phase_id, timestamp]);
  const own = new Set(facts.results.map((result) => keyOfResult(toAutopackResult(result))));
  const foreign = session.results
    .map((result, index) => ({ result, index }))
    .filter(({ result }) => !own.has(keyOfResult(result)))
    .map(({ result, index }) => ({
      ...fromAutopackSession(result, index, session.results),
      reference: result,
    }));
  const isCompleted = session.completed_at !== null && facts.status !== 'complete';
  if (foreign.length === 0 && !isCompleted) return facts;
  const { inFlight } = facts;
  const isSettled = foreign.some((each) => inFlight !== null && keyOf(each) === keyOf(inFlight));
  const message = t`Autopack's own controller went on with the session and completed it.`;
  return {
    ...facts,
    // It has drained the phase again that was under way when ours was killed.
    inFlight: isSettled ? null : inFlight,
    results: [...facts.results, ...foreign.map(toStoredResult)].sort((a, b) => a.finishedAt - b.finishedAt),
    ...(isCompleted ? { status: 'complete', stop: { kind: 'nothing-left', message } } : {}),
  };
}

/** As Python's `isoformat` writes a time in UTC. */
function isoTime(ms: number): string {
  return new Date(ms).toISOString().replace('Z', '000+00:00');
}
