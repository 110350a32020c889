import { lstat, rm } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { UserFacingError } from '../../core/errors.ts';
import { removeLeftovers } from '../identity/removeLeftovers.ts';
import { fileError } from '../system/fileError.ts';
import { hygieneFolderOf, makeHygieneFolder } from '../system/hygieneFolder.ts';
import type { OwnFolder } from '../system/ownFolder.ts';
import { realPathOf } from '../system/realPath.ts';
import { createDraft, removeDraft, takeModeOf } from '../system/replaceFile.ts';
import { sha256Hex } from '../system/systemPorts.ts';
import { placeNewFile } from '../writer/placeNewFile.ts';
import { copyDatabase } from './copyDatabase.ts';

/** Why a backup was made. */
export type BackupReason = 'asked' | 'adopt' | 'mark-stale' | 'requeue' | 'delete-run' | 'restore';

/** One backup of a database. */
export interface Backup {
  /** Absolute. */
  readonly path: string;
  /** Milliseconds since the epoch, by the clock of that moment. */
  readonly madeAt: number;
  readonly reason: string;
  readonly sizeBytes: number;
}

interface StoredBackup extends Backup {
  /** Counts up with every backup of a database; 0 for those of earlier versions. */
  readonly serial: number;
}

/** How many backups of a database are kept; older ones make room. */
const kept = 10;
const fileName = /^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})(\d{3})Z-(?:(\d{1,10})-)?([a-z-]+)\.db$/;
/** No database has been backed up so often that so many numbers are missing; what follows such a gap was made up. */
const mostMissing = 1_000_000;

/** The backups of the databases of one workspace folder, below a folder in it that git ignores. */
export class Backups {
  readonly #workspaceFolder: string;

  /** `workspaceFolder` is absolute. */
  constructor(workspaceFolder: string) {
    this.#workspaceFolder = workspaceFolder;
  }

  /** Makes a backup like {@link add}, and lets the oldest go when there are too many. */
  async make(
    path: string,
    reason: BackupReason,
    now: number,
    signal?: AbortSignal,
    rollBack?: boolean,
  ): Promise<Backup> {
    const made = await this.add(path, reason, now, signal, rollBack);
    await this.rotate(path, [made.path]);
    return made;
  }

  /**
   * Copies the committed state of a database, whoever else has it open. `now` is ms since the epoch. The copy has the
   * rights of the database, and exists only when it is whole. Fails like the writer, and with `unreadable` where a link
   * or something else stands in the place of a folder. What a killed program left is rolled back first where the database
   * is about to be written anyway, or where `rollBack` says so.
   */
  async add(
    path: string,
    reason: BackupReason,
    now: number,
    signal?: AbortSignal,
    rollBack?: boolean,
  ): Promise<Backup> {
    const folder = await this.folderOf(path);
    await makeHygieneFolder(this.#workspaceFolder);
    await folder.make();
    await removeLeftovers(path, this.#workspaceFolder);
    const time = new Date(now).toISOString().replace(/[-:.]/g, '');
    const draft = await createDraft(folder.file(`${time}-${reason}.db`)).catch((error: unknown) => {
      throw fileError(error, folder.path);
    });
    try {
      const options = { rollBack: rollBack ?? reason !== 'asked', isNew: true };
      await copyDatabase(path, draft, signal, options);
      await takeModeOf(await realPathOf(path), draft);
      const { size } = await lstat(draft);
      // Another program may make one at the same time.
      for (let serial = 1 + ((await this.#stored(folder))[0]?.serial ?? 0); ; serial++) {
        const made = folder.file(`${time}-${String(serial).padStart(6, '0')}-${reason}.db`);
        if (await isPlaced(draft, made)) return { path: made, madeAt: now, reason, sizeBytes: size };
      }
    } finally {
      await removeDraft(draft);
    }
  }

  /** The backups of a database, the last made first, whatever the clock said at the time. */
  async list(path: string): Promise<Backup[]> {
    return this.#stored(await this.folderOf(path));
  }

  /** Lets the oldest backups of a database go when there are too many, but none of `needed` (paths), by order of making. */
  async rotate(path: string, needed: readonly string[]): Promise<void> {
    const all = await this.list(path);
    const others = all.filter((each) => !needed.includes(each.path));
    const surplus = others.slice(Math.max(0, kept - (all.length - others.length)));
    await Promise.all(surplus.map((each) => rm(each.path, { force: true })));
  }

  /** Whether a file is one of the backups of a database, made here. */
  async holds(path: string, file: string): Promise<boolean> {
    const [folder, real] = await Promise.all([
      this.folderOf(path).then((found) => realPathOf(found.path)),
      realPathOf(file),
    ]);
    return dirname(real) === folder;
  }

  /** Where the backups of a database are: two of the same name in different folders must not push out each other's. */
  async folderOf(path: string): Promise<OwnFolder> {
    const real = await realPathOf(path);
    const name = `${basename(real)}-${sha256Hex(real).slice(0, 8)}`;
    return hygieneFolderOf(this.#workspaceFolder).folder('backups').folder(name);
  }

  async #stored(folder: OwnFolder): Promise<StoredBackup[]> {
    const found = (await folder.list()).map(async (name): Promise<StoredBackup | null> => {
      const [, year, month, day, hour, minute, second, ms, serial = '0', reason] = fileName.exec(name) ?? [];
      if (reason === undefined) return null;
      const path = folder.file(name);
      const stats = await lstat(path).catch(() => null);
      // No link that somebody put there is a backup, nor what another program has just let go.
      if (stats?.isFile() !== true) return null;
      const madeAt = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}.${ms}Z`);
      // Of no day there is, and so none of ours.
      if (Number.isNaN(madeAt)) return null;
      return {
        path,
        madeAt,
        reason,
        sizeBytes: stats.size,
        serial: Number(serial),
      };
    });
    const backups = (await Promise.all(found)).filter((each) => each !== null);
    return withoutMadeUpSerials(backups).sort((a, b) => b.serial - a.serial || (a.path < b.path ? 1 : -1));
  }
}

/** Takes numbers that nobody can have counted up to for those of the oldest: what is made next must come after all others. */
function withoutMadeUpSerials(backups: readonly StoredBackup[]): StoredBackup[] {
  let last = 0;
  return [...backups]
    .sort((a, b) => a.serial - b.serial)
    .map((backup) => {
      if (backup.serial - last > mostMissing) return { ...backup, serial: 0 };
      last = backup.serial;
      return backup;
    });
}

/** Gives a finished draft its name; `false` where something has that name. */
async function isPlaced(draft: string, made: string): Promise<boolean> {
  try {
    await placeNewFile(draft, made);
    return true;
  } catch (error) {
    if (error instanceof UserFacingError && error.code === 'exists') return false;
    throw fileError(error, made);
  }
}
