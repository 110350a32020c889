import type { z } from 'zod';
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
import { parseJsonText } from '../../core/text/decodeText.ts';
import { maskedJson } from '../../core/text/maskSecrets.ts';
import { runningDrain } from '../identity/drainLock.ts';
import { OwnFolder } from '../system/ownFolder.ts';
import { realPathOf } from '../system/realPath.ts';

/** In bytes. Each phase takes about 4 KB. */
const longest = 32 << 20;

/** The session files under `.autonomous_runs/batch_drain_sessions` of a workspace folder, where Autopack keeps its own. */
export class SessionFiles implements SessionFilesPort {
  readonly #folder: OwnFolder;
  /** What this drain wrote or loaded last, by name. */
  readonly #written = new Map<string, string>();

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
    const name = fileNameOf(session.session_id);
    await this.#write(hygieneFileName(session.session_id), facts);
    const known = this.#written.get(name);
    if (known !== undefined && (await this.#folder.read(name, longest)) !== known) {
      throw writtenElsewhere(session.session_id);
    }
    await this.#write(name, session);
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
    const session = await this.#read(fileNameOf(sessionId), autopackSession);
    if (session === null) throw noSession(sessionId, this.#folder.path);
    const facts = await this.#read(hygieneFileName(sessionId), hygieneSession);
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

  async #write(name: string, content: AutopackSession | HygieneSession): Promise<void> {
    const text = `${JSON.stringify(content, maskedJson, 2)}\n`;
    // Before a phase only our file has news, and each write waits for the disk.
    if (this.#written.get(name) === text) return;
    await this.#folder.write(name, text);
    this.#written.set(name, text);
  }

  /** `null` where there is no such file. */
  async #read<T>(name: string, schema: z.ZodType<T>): Promise<T | null> {
    const text = await this.#folder.read(name, longest);
    if (text === null) return null;
    this.#written.set(name, text);
    try {
      return schema.parse(parseJsonText(text));
    } catch (error) {
      throw new UserFacingError(
        'unreadable',
        `${this.#folder.file(name)} is not a drain session.`,
        'Move the file away; the database and the logs beside it are as they were.',
        { cause: error },
      );
    }
  }
}

function fileNameOf(sessionId: string): string {
  return `${sessionId}.json`;
}

function writtenElsewhere(sessionId: string): UserFacingError {
  return new UserFacingError(
    'changed',
    `Another program goes on with the session ${sessionId} as well, Autopack's own batch_drain_controller for one. Its record was left as it is.`,
    'Wait for its end, then resume the session: what it did is read first.',
  );
}

function noSession(sessionId: string, folder: string): UserFacingError {
  return new UserFacingError(
    'not-found',
    `There is no session ${sessionId} in ${folder}.`,
    'List the sessions of the folder, or start a new drain.',
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
  const standing = await standingOf(facts);
  const wasKilled = standing === 'resumable' && stop === null;
  return {
    ...common,
    isAutopack: false,
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
