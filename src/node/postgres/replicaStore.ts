import { createHash } from 'node:crypto';
import { lstatSync, utimesSync } from 'node:fs';
import { lstat, mkdir, open, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { postgresLocation, plainPostgresPath, postgresTitle } from '../../core/db/postgresUrl.ts';
import { CancelledError, UserFacingError } from '../../core/errors.ts';
import { t } from '../../core/text/l10n.ts';
import { errnoCode, fileError } from '../system/fileError.ts';
import { OwnFolder } from '../system/ownFolder.ts';
import { refuseSpecial } from '../system/regularFile.ts';

/** Where the replica of one database lies. Paths are absolute. */
export interface ReplicaFiles {
  readonly database: string;
  /** While it is made anew. */
  readonly draft: string;
  /** An empty SQLite database whose lock is that of the replica: no reader ever opens it, and so none drops its locks. */
  readonly lock: string;
}

/** How many replicas are kept; the one not used in longest goes first. */
const mostReplicas = 5;
const lockTimeoutMs = 60_000;
const lockPollMs = 15;

/** The replicas of this user on this machine. */
export class ReplicaStore {
  readonly #folder: OwnFolder;
  readonly #base: string;

  /** `cacheFolder` is absolute: by default the one that the system has for what can be made again. */
  constructor(cacheFolder = userCacheFolder()) {
    this.#base = cacheFolder;
    this.#folder = new OwnFolder(cacheFolder, 'autopack-hygiene', 'replicas');
  }

  /**
   * The files of a database, by its PostgreSQL path; makes the folder for this user alone, and removes what was not used
   * in longest. Throws `unreadable` where a link or something else stands in the way, `no-permission`, `disk-full`.
   */
  async filesOf(path: string): Promise<ReplicaFiles> {
    await mkdir(this.#base, { recursive: true }).catch((error: unknown) => {
      throw fileError(error, this.#base);
    });
    await this.#folder.make();
    await this.#folder.close();
    // Options of the connection may lead to another schema.
    const { options = '' } = postgresLocation(path).parameters;
    const key = `${plainPostgresPath(path)}${options === '' ? '' : `\n${options}`}`;
    const name = createHash('sha256').update(key).digest('hex').slice(0, 32);
    const file = (suffix: string): string => this.#folder.file(`${name}${suffix}`);
    const files = { database: file('.db'), draft: file('.draft.db'), lock: file('.lock') };
    for (const each of Object.values(files)) refuseLinks(each);
    await createPrivate(files.lock);
    noteUse(files.lock);
    await this.#prune(`${name}.lock`);
    return files;
  }

  async #prune(used: string): Promise<void> {
    const locks = (await this.#folder.list()).filter((name) => name.endsWith('.lock') && name !== used);
    const dated = await Promise.all(
      locks.map(async (name) => ({ name, at: await usedAt(this.#folder.file(name)) })),
    );
    const old = dated.sort((a, b) => b.at - a.at).slice(mostReplicas - 1);
    for (const { name } of old) {
      const start = name.slice(0, -'.lock'.length);
      for (const suffix of ['.db', '.db-journal', '.draft.db', '.draft.db-journal', '.lock'])
        await this.#folder.remove(`${start}${suffix}`);
    }
  }
}

/** The lock of a replica, which one process has at a time; the system lets go of it when that process ends. */
export class ReplicaLock {
  readonly #database: DatabaseSync;

  private constructor(database: DatabaseSync) {
    this.#database = database;
  }

  /** Waits for it. `path` is that of the PostgreSQL database. Throws `locked` after a minute, and `CancelledError`. */
  static async acquire(files: ReplicaFiles, path: string, signal?: AbortSignal): Promise<ReplicaLock> {
    const database = new DatabaseSync(files.lock, { timeout: 0 });
    try {
      for (const deadline = Date.now() + lockTimeoutMs; ;) {
        if (signal?.aborted === true) throw new CancelledError(t`Reading the database`);
        if (hasLocked(database)) {
          noteUse(files.lock);
          return new ReplicaLock(database);
        }
        if (Date.now() > deadline) throw lockedByOthers(path);
        await new Promise((resolve) => setTimeout(resolve, lockPollMs));
      }
    } catch (error) {
      database.close();
      throw error;
    }
  }

  release(): void {
    this.#database.close();
  }
}

/** The time of the lock tells when a replica was last used. */
function noteUse(lock: string): void {
  const now = new Date();
  try {
    utimesSync(lock, now, now);
  } catch {
    // It goes a little sooner than it would have.
  }
}

function hasLocked(database: DatabaseSync): boolean {
  try {
    database.exec('BEGIN EXCLUSIVE');
    return true;
  } catch (error) {
    if (error instanceof Error && /locked|busy/.test(error.message)) return false;
    throw error;
  }
}

function lockedByOthers(path: string): UserFacingError {
  return new UserFacingError(
    'locked',
    t`Another process of Autopack Hygiene is reading ${postgresTitle(path)}, and does not get done.`,
    t`Wait for it to end, then try again.`,
  );
}

/** Throws where something else than a plain file stands under the name of one of ours. */
export function refuseLinks(path: string): void {
  for (const each of [path, `${path}-journal`]) {
    const stats = lstatSync(each, { throwIfNoEntry: false });
    if (stats === undefined) continue;
    refuseSpecial(stats, each);
  }
}

/** An empty file that only this user may read; one that is there stays. */
export async function createPrivate(path: string): Promise<void> {
  try {
    await (await open(path, 'wx', 0o600)).close();
  } catch (error) {
    if (errnoCode(error) !== 'EEXIST') throw fileError(error, path);
  }
}

/** Removes a database of ours with its journal; the journal last, so that it never comes to lie beside another. */
export async function removeReplica(path: string): Promise<void> {
  await rm(path, { force: true });
  await rm(`${path}-journal`, { force: true });
}

async function usedAt(path: string): Promise<number> {
  return lstat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  );
}

/** Where programs keep what they can make again (XDG Base Directory Specification, and its kin on Windows and macOS). */
function userCacheFolder(): string {
  const { XDG_CACHE_HOME: xdg, LOCALAPPDATA: local } = process.env;
  const given = (folder: string | undefined): folder is string => folder !== undefined && isAbsolute(folder);
  if (process.platform === 'win32') return given(local) ? local : join(homedir(), 'AppData', 'Local');
  if (given(xdg)) return xdg;
  return process.platform === 'darwin' ? join(homedir(), 'Library', 'Caches') : join(homedir(), '.cache');
}
