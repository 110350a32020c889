import type { z } from 'zod';
import type { SessionFilesPort, StoredSession } from '../../core/drain/drainPorts.ts';
import { type HygieneSession, hygieneSession } from '../../core/drain/hygieneSession.ts';
import { logName, hygieneFileName, sessionIdAt } from '../../core/drain/sessionNames.ts';
import { type ReferenceSession, referenceSession } from '../../core/drain/autopackSession.ts';
import { withForeignResults } from '../../core/drain/sessionRecord.ts';
import { UserFacingError } from '../../core/errors.ts';
import { maskedJson } from '../../core/text/maskSecrets.ts';
import type { PhaseKey } from '../../core/model/phase.ts';
import { OwnFolder } from '../files/ownFolder.ts';
import { realPathOf } from '../files/realPath.ts';
import { parseJsonText } from '../../core/text/decodeText.ts';

/** In bytes. Each phase takes about 4 KB. */
const longest = 32 << 20;

/** The session files under `.autonomous_runs/batch_drain_sessions` of a workspace folder, where the reference keeps its own. */
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

  async save(session: ReferenceSession, facts: HygieneSession): Promise<void> {
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
    const session = await this.#read(fileNameOf(sessionId), referenceSession);
    if (session === null) throw noSession(sessionId, this.#folder.path);
    const facts = await this.#read(hygieneFileName(sessionId), hygieneSession);
    if (facts === null) return { sessionPath, session, facts };
    // A drain may have been told of its database by a link: one database, one path.
    const databasePath = mayLookAround ? await realPathOf(facts.databasePath) : facts.databasePath;
    return { sessionPath, session, facts: { ...withForeignResults(session, facts), databasePath } };
  }

  /** The file the reference reads; absolute. */
  pathOf(sessionId: string): string {
    return this.#folder.file(fileNameOf(sessionId));
  }

  /** What we know of a session besides; absolute. */
  factsPathOf(sessionId: string): string {
    return this.#folder.file(hygieneFileName(sessionId));
  }

  async #write(name: string, content: ReferenceSession | HygieneSession): Promise<void> {
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
