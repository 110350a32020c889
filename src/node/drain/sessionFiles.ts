import { access, mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import type { z } from 'zod';
import type { SessionFilesPort, StoredSession } from '../../core/drain/drainPorts.ts';
import { type HygieneSession, hygieneSession } from '../../core/drain/hygieneSession.ts';
import { logName } from '../../core/drain/logName.ts';
import { type ReferenceSession, referenceSession } from '../../core/drain/referenceSession.ts';
import { hygieneFileName, sessionIdAt } from '../../core/drain/sessionId.ts';
import { UserFacingError } from '../../core/errors.ts';
import type { PhaseKey } from '../../core/model/phase.ts';
import { errnoCode, fileError } from '../files/fileError.ts';
import { realPathOf } from '../files/realPath.ts';

/** The session files under `.autonomous_runs/batch_drain_sessions` of a workspace folder, where the reference keeps its own. */
export class SessionFiles implements SessionFilesPort {
  readonly #folder: string;
  /** What this drain wrote last, by path. */
  readonly #written = new Map<string, string>();

  /** `workspaceFolder` is absolute. */
  constructor(workspaceFolder: string) {
    this.#folder = join(workspaceFolder, '.autonomous_runs', 'batch_drain_sessions');
  }

  /** The folder of a session is made first and alone, which only one of two drains can do. */
  async create(startedAt: number): ReturnType<SessionFilesPort['create']> {
    for (let time = startedAt; ; time += 1000) {
      const sessionId = sessionIdAt(time);
      const sessionPath = this.pathOf(sessionId);
      if ((await this.#reserve(sessionId)) && !(await exists(sessionPath))) return { sessionId, sessionPath };
    }
  }

  async save(session: ReferenceSession, facts: HygieneSession): Promise<void> {
    await this.#write(this.factsPathOf(session.session_id), facts);
    await this.#write(this.pathOf(session.session_id), session);
  }

  async logPaths(
    sessionId: string,
    key: PhaseKey,
    attempt: number,
  ): ReturnType<SessionFilesPort['logPaths']> {
    const folder = join(this.#folder, sessionId, 'logs');
    await this.#make(folder, true);
    const path = join(folder, logName(key, attempt));
    return { stdoutPath: `${path}.stdout.txt`, stderrPath: `${path}.stderr.txt` };
  }

  /** The ids of the sessions there are, in no order. */
  async list(): Promise<string[]> {
    try {
      const names = await readdir(this.#folder);
      return names.flatMap((name) => /^(batch-drain-.+)\.json$/.exec(name)?.[1] ?? []);
    } catch (error) {
      if (errnoCode(error) === 'ENOENT') return [];
      throw fileError(error, this.#folder);
    }
  }

  async load(sessionId: string): Promise<StoredSession> {
    const sessionPath = this.pathOf(sessionId);
    if (!(await exists(sessionPath))) throw noSession(sessionId, this.#folder);
    const session = await this.#read(sessionPath, referenceSession);
    try {
      const facts = await this.#read(this.factsPathOf(sessionId), hygieneSession);
      // A drain may have been told of its database by a link: one database, one path.
      const databasePath = await realPathOf(facts.databasePath);
      return { sessionPath, session, facts: { ...facts, databasePath } };
    } catch (error) {
      if (error instanceof UserFacingError && error.code === 'not-found')
        return { sessionPath, session, facts: null };
      throw error;
    }
  }

  /** The file the reference reads; absolute. */
  pathOf(sessionId: string): string {
    return join(this.#folder, `${sessionId}.json`);
  }

  /** What we know of a session besides; absolute. */
  factsPathOf(sessionId: string): string {
    return join(this.#folder, hygieneFileName(sessionId));
  }

  async #reserve(sessionId: string): Promise<boolean> {
    await this.#make(this.#folder, true);
    return this.#make(join(this.#folder, sessionId), false);
  }

  /** Makes a folder; `false` if it was there and had to be new. */
  async #make(folder: string, mayExist: boolean): Promise<boolean> {
    try {
      await mkdir(folder, { recursive: mayExist });
      return true;
    } catch (error) {
      if (!mayExist && errnoCode(error) === 'EEXIST') return false;
      throw fileError(error, folder);
    }
  }

  async #write(path: string, content: ReferenceSession | HygieneSession): Promise<void> {
    const text = `${JSON.stringify(content, null, 2)}\n`;
    // Before a phase only our file has news, and each write waits for the disk.
    if (this.#written.get(path) === text) return;
    try {
      await writeFileAtomic(path, text);
      this.#written.set(path, text);
    } catch (error) {
      throw fileError(error, path);
    }
  }

  async #read<T>(path: string, schema: z.ZodType<T>): Promise<T> {
    let text: string;
    try {
      text = await readFile(path, 'utf8');
    } catch (error) {
      throw fileError(error, path);
    }
    try {
      return schema.parse(JSON.parse(text));
    } catch (error) {
      throw new UserFacingError(
        'unreadable',
        `${path} is not a drain session.`,
        'Move the file away; the database and the logs beside it are as they were.',
        { cause: error },
      );
    }
  }
}

function noSession(sessionId: string, folder: string): UserFacingError {
  return new UserFacingError(
    'not-found',
    `There is no session ${sessionId} in ${folder}.`,
    'List the sessions of the folder, or start a new drain.',
  );
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
