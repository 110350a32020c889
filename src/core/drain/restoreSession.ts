import { UserFacingError } from '../errors.ts';
import { fingerprintOf, isCurrentFingerprint } from '../failures/fingerprint.ts';
import { noYield, addYields, eventsOf } from '../model/phaseObservation.ts';
import { parseTimestamp } from '../model/timestamp.ts';
import { t } from '../text/l10n.ts';
import { timeoutReturnCode, type AutopackResult } from './autopackSession.ts';
import type { DrainRequest } from './drainOptions.ts';
import type { StoredSession } from './drainPorts.ts';
import { countOutcomes, type DrainResult } from './drainResult.ts';
import { cancelledStop, limitStop, nextStepAfter } from './drainStops.ts';
import { drainStopKinds, type DrainStop, type DrainSummary } from './drainSummary.ts';
import type { HygieneSession } from './hygieneSession.ts';

/** What a session file tells of a drain, to go on from. Times are ms since the epoch. */
export interface RestoredSession {
  readonly options: DrainRequest;
  readonly results: readonly DrainResult[];
  readonly startedAt: number;
  /** How long the drain was at work, in ms. */
  readonly activeMs: number;
  readonly inFlight: HygieneSession['inFlight'];
  /** Variables that were set for its executions. */
  readonly environment: Readonly<Record<string, string>>;
  /** Why it stopped; `null` where it was killed. */
  readonly stopKind: string | null;
  readonly isComplete: boolean;
}

/** The database that is at hand, to be compared with the one of a session. */
export interface DatabaseAtHand {
  /** Absolute and real. */
  readonly path: string;
  /** `null` where it has no identity. */
  readonly id: string | null;
  /** The last change of this product in it, where that was looked at. */
  readonly lastSerial?: number;
}

/**
 * Reads a session, ours or Autopack's, as a drain to go on with. Throws `other-database` where it is of another one
 * than the one at hand, by its path or its id; a session of Autopack says neither.
 */
export function restoreSession(stored: StoredSession, atHand: DatabaseAtHand, now: number): RestoredSession {
  const databasePath = atHand.path;
  const { session, facts } = stored;
  if (facts === null) {
    const results = session.results
      .map((result, index) => fromAutopackSession(result, index, session.results))
      .map(withCurrentFingerprint);
    return {
      options: { batchSize: Math.max(1, session.batch_size) },
      results,
      startedAt: parseTimestamp(session.started_at) ?? now,
      activeMs: results.reduce((sum, { durationMs }) => sum + durationMs, 0),
      inFlight: null,
      environment: {},
      stopKind: null,
      isComplete: session.completed_at !== null,
    };
  }
  if (facts.databasePath !== databasePath) {
    throw new UserFacingError(
      'other-database',
      t`The session ${facts.sessionId} drained ${facts.databasePath}, not ${databasePath}.`,
      t`Resume it with that database, or start a new drain.`,
    );
  }
  refuseOtherId(facts, atHand);
  refuseOlderState(facts, atHand);
  const { options, startedAt, activeMs, inFlight, environment, stop, status } = facts;
  const results = facts.results.map(withCurrentFingerprint);
  const stopKind = stop?.kind ?? null;
  const isComplete = status === 'complete';
  return { options, results, startedAt, activeMs, inFlight, environment, stopKind, isComplete };
}

/** Stands for a reason that is not there: all such results would have one fingerprint. */
const noReason = 'Autopack recorded no reason.';

/** A fingerprint of earlier masks, or of Autopack, would never meet one of today's: it is made anew from the error. */
function withCurrentFingerprint(result: DrainResult): DrainResult {
  const { fingerprint, error } = result;
  if (fingerprint === null || error === null || error === noReason || isCurrentFingerprint(fingerprint)) {
    return result;
  }
  return { ...result, fingerprint: fingerprintOf({ ...result, error }) };
}

/** Throws `other-database` where another database lies at the path of a session than the one it drained. */
export function refuseOtherId(
  { sessionId, database }: Pick<HygieneSession, 'sessionId' | 'database'>,
  { path, id }: DatabaseAtHand,
): void {
  if (database === null || database.id === id) return;
  throw new UserFacingError(
    'other-database',
    id === null
      ? t`The session ${sessionId} drained the database with the id ${database.id}; at ${path} there is one without an identity.`
      : t`The session ${sessionId} drained the database with the id ${database.id}; at ${path} there is another now, with the id ${id}.`,
    t`Restore the database of the session, for example from a backup, or start a new drain.`,
  );
}

/** Throws `other-database` where the database is in an older state than the session left it in. */
function refuseOlderState(
  { sessionId, database }: Pick<HygieneSession, 'sessionId' | 'database'>,
  { path, lastSerial }: DatabaseAtHand,
): void {
  if (database === null || lastSerial === undefined || lastSerial >= database.lastSerial) return;
  throw new UserFacingError(
    'other-database',
    t`The session ${sessionId} knows the database up to change ${database.lastSerial}; ${path} is an older state, at change ${lastSerial}.`,
    t`Restore the newer state, for example from a backup, or start a new drain.`,
  );
}

/** A result of Autopack as one of ours. */
export function fromAutopackSession(
  result: AutopackResult,
  index: number,
  all: readonly AutopackResult[],
): DrainResult {
  const isSame = (each: AutopackResult): boolean =>
    each.run_id === result.run_id && each.phase_id === result.phase_id;
  const durationMs = (result.subprocess_duration_seconds ?? 0) * 1000;
  const finishedAt = parseTimestamp(result.timestamp ?? '') ?? 0;
  const isTimeout = result.subprocess_returncode === timeoutReturnCode || result.final_state === 'TIMEOUT';
  return {
    runId: result.run_id,
    phaseId: result.phase_id,
    phaseIndex: result.phase_index,
    askedFor: null,
    alongside: null,
    attempt: all.slice(0, index + 1).filter(isSame).length,
    initialState: result.initial_state,
    finalState: result.final_state,
    success: result.success,
    outcome: isTimeout ? 'timed-out' : 'exited',
    exitCode: isTimeout ? null : result.subprocess_returncode,
    startedAt: finishedAt - durationMs,
    finishedAt,
    durationMs,
    error: result.success ? null : (result.error_message ?? noReason),
    fingerprint: result.failure_fingerprint,
    yield: { ...noYield, estimationEvents: result.telemetry_events_collected ?? 0 },
    otherTokens: 0,
    zeroYield: null,
    reachedModelLimit: result.reached_llm_boundary ?? false,
    stdoutPath: result.subprocess_stdout_path ?? '',
    stderrPath: result.subprocess_stderr_path ?? '',
    stdoutTail: result.subprocess_stdout_excerpt ?? '',
    stderrTail: result.subprocess_stderr_excerpt ?? '',
    notes: [],
  };
}

/**
 * What a drain came to, from its session files: without warnings and what was not taken, which they do not hold. `null`
 * for a drain that was killed or goes on, and for one of Autopack.
 */
export function storedSummary({ sessionPath, facts }: StoredSession): DrainSummary | null {
  if (facts?.stop == null) return null;
  const { sessionId, executor, startedAt, activeMs, results, status } = facts;
  const { message } = facts.stop;
  const kind = drainStopKinds.find((each) => each === facts.stop?.kind) ?? 'failed';
  const stop: DrainStop = { kind, message, complete: status === 'complete' };
  const total = results.reduce((sum, result) => addYields(sum, result.yield), noYield);
  const last = results.at(-1);
  const summary = {
    sessionId,
    sessionPath,
    executor,
    startedAt,
    endedAt: last?.finishedAt ?? startedAt,
    activeMs,
    stop,
    ...countOutcomes(results),
    events: eventsOf(total),
    yield: total,
    results,
    notTaken: [],
    warnings: [],
  };
  const { nextStep } = kind === 'cancelled' ? cancelledStop() : limitStop(stop, last);
  return { ...summary, nextStep: nextStepAfter(summary, nextStep) };
}
