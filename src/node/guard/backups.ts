import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { errnoCode, fileError } from '../files/fileError.ts';
import { realPathOf } from '../files/realPath.ts';
import { sha256Hex } from '../identity/sha256Hex.ts';
import { copyDatabase } from './copyDatabase.ts';
import { makeHygieneFolder, hygieneFolderName } from './hygieneFolder.ts';

/** Why a backup was made. */
export type BackupReason = 'asked' | 'adopt' | 'mark-stale' | 'requeue' | 'delete-run' | 'restore';

/** One backup of a database. */
export interface Backup {
  /** Absolute. */
  readonly path: string;
  /** Milliseconds since the epoch. */
  readonly madeAt: number;
  readonly reason: string;
  readonly sizeBytes: number;
}

/** How many backups of a database are kept; older ones make room. */
const kept = 10;
const fileName = /^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})(\d{3})Z-([a-z-]+)\.db$/;

/** The backups of the databases of one workspace folder, below a folder in it that git ignores. */
export class Backups {
  readonly #workspaceFolder: string;

  /** `workspaceFolder` is absolute. */
  constructor(workspaceFolder: string) {
    this.#workspaceFolder = workspaceFolder;
  }

  /**
   * Copies the committed state of a database, whoever else has it open, and lets the oldest backup go when there are
   * too many. `now` is ms since the epoch. Fails like the writer; a copy that was not finished is removed.
   */
  async make(path: string, reason: BackupReason, now: number, signal?: AbortSignal): Promise<Backup> {
    const folder = await this.#folderOf(path);
    await makeHygieneFolder(this.#workspaceFolder);
    await mkdir(folder, { recursive: true }).catch((error: unknown) => {
      throw fileError(error, folder);
    });
    const made = join(folder, `${new Date(now).toISOString().replace(/[-:.]/g, '')}-${reason}.db`);
    const draft = `${made}.tmp`;
    try {
      await copyDatabase(path, draft, signal);
      await rename(draft, made);
    } finally {
      await Promise.all(
        ['', '-journal', '-wal', '-shm'].map((suffix) => rm(draft + suffix, { force: true })),
      );
    }
    await this.#rotate(path, made);
    const { size } = await stat(made);
    return { path: made, madeAt: now, reason, sizeBytes: size };
  }

  /** The backups of a database, the newest first. */
  async list(path: string): Promise<Backup[]> {
    const folder = await this.#folderOf(path);
    const names = await readdir(folder).catch((error: unknown) => {
      if (errnoCode(error) === 'ENOENT') return [];
      throw fileError(error, folder);
    });
    const found = names
      .sort()
      .reverse()
      .map(async (name) => {
        const [, year, month, day, hour, minute, second, ms, reason] = fileName.exec(name) ?? [];
        if (reason === undefined) return null;
        const { size } = await stat(join(folder, name));
        const madeAt = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}.${ms}Z`);
        return { path: join(folder, name), madeAt, reason, sizeBytes: size };
      });
    return (await Promise.all(found)).filter((each) => each !== null);
  }

  /** Whether a file is one of the backups of a database, made here. */
  async holds(path: string, file: string): Promise<boolean> {
    const [folder, real] = await Promise.all([this.#folderOf(path).then(realPathOf), realPathOf(file)]);
    return dirname(real) === folder;
  }

  async #rotate(path: string, made: string): Promise<void> {
    const surplus = (await this.list(path)).filter((each) => each.path !== made).slice(kept - 1);
    await Promise.all(surplus.map((each) => rm(each.path, { force: true })));
  }

  /** One folder a database: two of the same name in different folders must not push out each other's backups. */
  async #folderOf(path: string): Promise<string> {
    const real = await realPathOf(path);
    const name = `${basename(real)}-${sha256Hex(real).slice(0, 8)}`;
    return join(this.#workspaceFolder, hygieneFolderName, 'backups', name);
  }
}
