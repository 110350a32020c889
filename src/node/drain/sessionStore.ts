import { autopackSession, type AutopackSession } from '../../core/drain/autopackSession.ts';
import type { SessionFilesPort, StoredSession } from '../../core/drain/drainPorts.ts';
import { countOutcomes, type OutcomeCounts } from '../../core/drain/drainResult.ts';
import { hygieneSession, type HygieneSession } from '../../core/drain/hygieneSession.ts';
import { refuseOtherId } from '../../core/drain/restoreSession.ts';
import { logName, hygieneFileName, sessionIdAt } from '../../core/drain/sessionNames.ts';
import { withForeignResults } from '../../core/drain/sessionRecord.ts';
import { UserFacingError } from '../../core/errors.ts';
import type { PhaseKey } from '../../core/model/phase.ts';
import { eventsOf } from '../../core/model/phaseObservation.ts';
import { t } from '../../core/text/l10n.ts';
import { maskedJson } from '../../core/text/maskSecrets.ts';
import { runningDrain } from '../identity/drainLock.ts';
import type { DrainLockContent } from '../identity/drainLockContent.ts';
import { JsonFile } from '../system/jsonFile.ts';
import { OwnFolder } from '../system/ownFolder.ts';
import { realPathOf } from '../system/realPath.ts';

const format = {
  // Each phase takes about 4 KB.
  longest: 32 << 20,
  replacer: maskedJson,
  invalid: (path: string, cause: unknown) =>
    new UserFacingError(
      'unreadable',
      t`${path} is not a drain session.`,
      t`Move the file away; the database and the logs beside it are as they were.`,
      { cause },
    ),
};

/** A session is kept in two files: Autopack's, which takes no key of ours, and one with what we know besides. */
interface SessionPair {
  readonly session: JsonFile<AutopackSession>;
  readonly facts: JsonFile<HygieneSession>;
}

/** The session files under `.autonomous_runs/batch_drain_sessions` of a workspace folder, where Autopack keeps its own. */
export class SessionFiles implements SessionFilesPort {
  readonly #folder: OwnFolder;
  /** Those this drain wrote or loaded, by session id. */
  readonly #pairs = new Map<string, SessionPair>();

  /** `workspaceFolder` is absolute. */
  constructor(workspaceFolder: string) {
    this.#folder = new OwnFolder(workspaceFolder, '.autonomous_runs', 'batch_drain_sessions');
  }

  /** The folder of a session is made first and alone, which only one of two drains can do. */
  async create(startedAt: number): ReturnType<SessionFilesPort['create']> {
    for (let time = startedAt; ; time += 1000) {
      const sessionId = sessionIdAt(time);
      if (!(await this.#folder.folder(sessionId).makeNew())) continue;
      const names = await this.#folder.list();
      if (!names.includes(fileNameOf(sessionId))) return { sessionId, sessionPath: this.pathOf(sessionId) };
    }
  }

  async save(session: AutopackSession, facts: HygieneSession): Promise<void> {
    const files = this.#pairOf(session.session_id);
    // Before a phase only our file has news.
    await files.facts.update(facts);
    if (await files.session.isChanged()) throw writtenElsewhere(session.session_id);
    await files.session.update(session);
  }

  async logPaths(
    sessionId: string,
    key: PhaseKey,
    attempt: number,
  ): ReturnType<SessionFilesPort['logPaths']> {
    const folder = this.#folder.folder(sessionId).folder('logs');
    await folder.make();
    const path = folder.file(logName(key, attempt));
    return { stdoutPath: `${path}.stdout.txt`, stderrPath: `${path}.stderr.txt` };
  }

  /** The ids of the sessions there are, in no order. */
  async list(): Promise<string[]> {
    const names = await this.#folder.list();
    return names.flatMap((name) => /^(batch-drain-.+)\.json$/.exec(name)?.[1] ?? []);
  }

  /** The database that a session names is looked up, wherever it lies, unless `mayLookAround` is false. */
  async load(sessionId: string, mayLookAround = true): Promise<StoredSession> {
    const sessionPath = this.pathOf(sessionId);
    const files = this.#pairOf(sessionId);
    const session = await files.session.read();
    if (session === null) throw noSession(sessionId, this.#folder.path);
    const facts = await files.facts.read();
    if (facts === null) return { sessionPath, session, facts };
    // A drain may have been told of its database by a link: one database, one path.
    const databasePath = mayLookAround ? await realPathOf(facts.databasePath) : facts.databasePath;
    return { sessionPath, session, facts: { ...withForeignResults(session, facts), databasePath } };
  }

  /** The file Autopack reads; absolute. */
  pathOf(sessionId: string): string {
    return this.#folder.file(fileNameOf(sessionId));
  }

  /** What we know of a session besides; absolute. */
  factsPathOf(sessionId: string): string {
    return this.#folder.file(hygieneFileName(sessionId));
  }

  #pairOf(sessionId: string): SessionPair {
    const known = this.#pairs.get(sessionId);
    if (known !== undefined) return known;
    const pair = {
      session: new JsonFile(this.#folder, fileNameOf(sessionId), { ...format, schema: autopackSession }),
      facts: new JsonFile(this.#folder, hygieneFileName(sessionId), { ...format, schema: hygieneSession }),
    };
    this.#pairs.set(sessionId, pair);
    return pair;
  }
}

function fileNameOf(sessionId: string): string {
  return `${sessionId}.json`;
}

function writtenElsewhere(sessionId: string): UserFacingError {
  return new UserFacingError(
    'changed',
    t`Another program goes on with the session ${sessionId} as well, Autopack's own batch_drain_controller for one. Its record was left as it is.`,
    t`Wait for its end, then resume the session: what it did is read first.`,
  );
}

function noSession(sessionId: string, folder: string): UserFacingError {
  return new UserFacingError(
    'not-found',
    t`There is no session ${sessionId} in ${folder}.`,
    t`List the sessions of the folder, or start a new drain.`,
  );
}

/** How a session stands. `resumable`: it was stopped by a limit, cancelled, or killed. */
export type SessionStanding = 'running' | 'resumable' | 'complete' | 'unreadable';

/** A session of a workspace folder, as a list shows it. */
export interface SessionOverview extends OutcomeCounts {
  readonly sessionId: string;
  /** Absolute. */
  readonly sessionPath: string;
  readonly standing: SessionStanding;
  /** Written by Autopack, which says less of it. */
  readonly isAutopack: boolean;
  /** Absolute and, where there is such a file, real; `null` where the session does not say. */
  readonly databasePath: string | null;
  /** Of the database it drained; `null` where the session does not say. */
  readonly databaseId: string | null;
  /** As stored, ISO in UTC; `null` where the file cannot be read. */
  readonly startedAt: string | null;
  readonly telemetryEvents: number;
  /** Why it stopped, in words; `null` where nobody knows. */
  readonly stop: string | null;
  /** How many processes work on it right now, where several may; absent otherwise. */
  readonly workers?: number;
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
    t`No session of ${databasePath} can be resumed in this folder.`,
    t`List the sessions, or start a new drain.`,
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
    const unknown = { isAutopack: false, databasePath: null, databaseId: null, startedAt: null };
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
      isAutopack: true,
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
  const isComplete = facts.status === 'complete';
  const running = isComplete ? null : await runningPart(facts);
  const standing = isComplete ? 'complete' : running === null ? 'resumable' : 'running';
  const wasKilled = standing === 'resumable' && stop === null;
  return {
    ...common,
    isAutopack: false,
    databasePath,
    databaseId: database?.id ?? null,
    standing,
    ...countOutcomes(results),
    telemetryEvents: results.reduce((sum, result) => sum + eventsOf(result.yield), 0),
    stop: wasKilled ? t`It was interrupted.` : (stop?.message ?? null),
    ...(running?.workers === undefined ? {} : { workers: running.workers }),
  };
}

type SessionFacts = NonNullable<StoredSession['facts']>;

/** Whether a live process holds the lock of the session's database for it. A database that is gone has none. */
export async function isSessionRunning(facts: SessionFacts): Promise<boolean> {
  return (await runningPart(facts)) !== null;
}

async function runningPart({ sessionId, databasePath }: SessionFacts): Promise<DrainLockContent | null> {
  const running = await runningDrain(databasePath).catch(() => null);
  return running?.sessionId === sessionId ? running : null;
}
