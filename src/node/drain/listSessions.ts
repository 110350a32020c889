import { countOutcomes, type OutcomeCounts } from '../../core/drain/drainResult.ts';
import { eventsOf } from '../../core/model/phaseObservation.ts';
import type { StoredSession } from '../../core/drain/drainPorts.ts';
import { refuseOtherId } from '../../core/drain/restoreSession.ts';
import { UserFacingError } from '../../core/errors.ts';
import { realPathOf } from '../files/realPath.ts';
import { runningDrain } from './drainLock.ts';
import type { SessionFiles } from './sessionFiles.ts';

/** How a session stands. `resumable`: it was stopped by a limit, cancelled, or killed. */
export type SessionStanding = 'running' | 'resumable' | 'complete' | 'unreadable';

/** A session of a workspace folder, as a list shows it. */
export interface SessionOverview extends OutcomeCounts {
  readonly sessionId: string;
  /** Absolute. */
  readonly sessionPath: string;
  readonly standing: SessionStanding;
  /** Written by the reference, which says less of it. */
  readonly isReference: boolean;
  /** Absolute and, where there is such a file, real; `null` where the session does not say. */
  readonly databasePath: string | null;
  /** Of the database it drained; `null` where the session does not say. */
  readonly databaseId: string | null;
  /** As stored, ISO in UTC; `null` where the file cannot be read. */
  readonly startedAt: string | null;
  readonly telemetryEvents: number;
  /** Why it stopped, in words; `null` where nobody knows. */
  readonly stop: string | null;
}

/** The sessions of a folder, newest first. A session that cannot be read is listed as such, not left out. */
export async function listSessions(files: SessionFiles): Promise<SessionOverview[]> {
  const ids = await files.list();
  return Promise.all(
    ids
      .sort()
      .reverse()
      .map((id) => overviewOf(id, files)),
  );
}

/**
 * The newest session that can be resumed with this database, which has that id (`null` without one). Fails with
 * `not-found` where there is none, and with `other-database` where there are only those of another that lay there.
 */
export async function newestResumable(
  files: SessionFiles,
  databasePath: string,
  databaseId: string | null,
): Promise<string> {
  const [sessions, path] = await Promise.all([listSessions(files), realPathOf(databasePath)]);
  const ofPath = sessions.filter((each) => each.standing === 'resumable' && each.databasePath === path);
  const found = ofPath.find((each) => each.databaseId === null || each.databaseId === databaseId);
  if (found !== undefined) return found.sessionId;
  const [other] = ofPath;
  if (other !== undefined) refuseOtherId(await factsOf(other, files), { path, id: databaseId });
  throw new UserFacingError(
    'not-found',
    `No session of ${databasePath} can be resumed in this folder.`,
    'List the sessions, or start a new drain.',
  );
}

async function factsOf(
  { sessionId }: SessionOverview,
  files: SessionFiles,
): Promise<Pick<SessionFacts, 'sessionId' | 'database'>> {
  return (await files.load(sessionId)).facts ?? { sessionId, database: null };
}

async function overviewOf(sessionId: string, files: SessionFiles): Promise<SessionOverview> {
  try {
    return await describe(await files.load(sessionId));
  } catch (error) {
    if (!(error instanceof UserFacingError)) throw error;
    const unknown = { isReference: false, databasePath: null, databaseId: null, startedAt: null };
    const sessionPath = files.pathOf(sessionId);
    return {
      sessionId,
      sessionPath,
      standing: 'unreadable',
      ...unknown,
      ...countOutcomes([]),
      telemetryEvents: 0,
      stop: error.message,
    };
  }
}

async function describe({ sessionPath, session, facts }: StoredSession): Promise<SessionOverview> {
  const common = { sessionId: session.session_id, sessionPath, startedAt: session.started_at };
  if (facts === null) {
    return {
      ...common,
      isReference: true,
      databasePath: null,
      databaseId: null,
      standing: session.completed_at === null ? 'resumable' : 'complete',
      processed: session.total_processed,
      succeeded: session.total_success,
      failed: session.total_failed,
      timedOut: session.total_timeouts,
      cancelled: 0,
      interrupted: 0,
      telemetryEvents: session.total_telemetry_events,
      stop: null,
    };
  }
  const { results, databasePath, database, stop } = facts;
  const standing = await standingOf(facts);
  const wasKilled = standing === 'resumable' && stop === null;
  return {
    ...common,
    isReference: false,
    databasePath,
    databaseId: database?.id ?? null,
    standing,
    ...countOutcomes(results),
    telemetryEvents: results.reduce((sum, result) => sum + eventsOf(result.yield), 0),
    stop: wasKilled ? 'It was interrupted.' : (stop?.message ?? null),
  };
}

type SessionFacts = NonNullable<StoredSession['facts']>;

/** Whether a live process holds the lock of the session's database for it. A database that is gone has none. */
export async function isSessionRunning({ sessionId, databasePath }: SessionFacts): Promise<boolean> {
  const running = await runningDrain(databasePath).catch(() => null);
  return running?.sessionId === sessionId;
}

async function standingOf(facts: SessionFacts): Promise<SessionStanding> {
  if (facts.status === 'complete') return 'complete';
  return (await isSessionRunning(facts)) ? 'running' : 'resumable';
}
