import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { isPostgresPath } from '../../core/db/postgresUrl.ts';
import { UserFacingError } from '../../core/errors.ts';
import { notAutopack } from '../../core/identity/adoptDatabase.ts';
import { t } from '../../core/text/l10n.ts';
import type { DatabaseReader } from '../../protocol/readerProtocol.ts';
import { Backups, type Backup, type BackupReason } from './backups.ts';

/** What is going to be changed, and why. Paths are absolute. */
export interface BackedUpChange {
  readonly path: string;
  readonly workspaceFolder: string;
  readonly reason: BackupReason;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Another backup that the change needs, such as the one to be restored: it is not let go to make room. Absolute. */
  readonly needed?: string;
}

/** What came of a change, and what was there before. */
export interface WithBackup<T> {
  readonly result: T;
  readonly backup: Backup;
}

/** What came of a change with a way back: on a server there is no file of which there could be a backup. */
export interface WithWayBack<T> {
  readonly result: T;
  readonly backup: Backup | null;
}

/** After these the file may be in any state, and a copy of it from before is worth keeping. */
const doubtful: readonly string[] = ['corrupt', 'not-sqlite', 'unreadable'];

/**
 * Backs a database up and changes it, all or nothing. A change that did not happen keeps no backup: as the newest it would
 * be taken for the one to be restored. Throws what {@link Backups.add} and `change` throw.
 */
export async function withBackup<T>(
  { path, workspaceFolder, reason, now, needed = path }: BackedUpChange,
  change: (backup: Backup) => Promise<T>,
  signal?: AbortSignal,
): Promise<WithBackup<T>> {
  const backups = new Backups(workspaceFolder);
  const backup = await backups.add(path, reason, now, signal);
  try {
    const result = await change(backup);
    // What was done is done, whether or not an old backup can be removed.
    await backups.rotate(path, [backup.path, needed]).catch(() => undefined);
    return { result, backup };
  } catch (error) {
    const didNotHappen = error instanceof UserFacingError && !doubtful.includes(error.code);
    if (didNotHappen) await rm(backup.path, { force: true }).catch(() => undefined);
    throw error;
  }
}

/** {@link withBackup} for a file; on a server nothing is copied: `change` has the rows from before kept there. */
export async function withWayBack<T>(
  changed: BackedUpChange,
  change: (backup: Backup | null) => Promise<T>,
  signal?: AbortSignal,
): Promise<WithWayBack<T>> {
  if (isPostgresPath(changed.path)) return { result: await change(null), backup: null };
  return withBackup(changed, change, signal);
}

/** What to back up, and where to; paths are absolute. */
export interface BackupRequest {
  readonly path: string;
  /** Below which the backup is kept. */
  readonly workspaceFolder: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Roll back what a killed program left, on a person's word. */
  readonly rollBack?: boolean;
}

/**
 * Backs a database up because somebody asked. It is read whole before, for a copy of damage would give a false comfort
 * and push out a good backup. Throws `not-found`, `not-a-file`, `not-sqlite`, `corrupt`, `not-autopack`, and what
 * {@link Backups.make} throws.
 */
export async function backUpDatabase(
  reader: DatabaseReader,
  { path, workspaceFolder, now, rollBack = false }: BackupRequest,
  signal?: AbortSignal,
): Promise<Backup> {
  const { runs, phases, isWhole } = (await reader.request(path, 'backupContent', null, signal)).value;
  if (!isWhole) {
    throw new UserFacingError(
      'corrupt',
      t`${path} is damaged, and no backup is made of damage.`,
      t`Restore it from an older backup, or save what can be read with "sqlite3 FILE .recover".`,
    );
  }
  if (runs === null || phases === null) throw notAutopack(path, t`Name a database of Autopack.`);
  return new Backups(workspaceFolder).make(path, 'asked', now, signal, rollBack);
}

/**
 * Whether a damaged backup was made of a database that is damaged as well: it holds what stood there before a change that was
 * made all the same. Both paths are absolute.
 */
export async function isOfDamaged(
  reader: DatabaseReader,
  { path, backupPath, workspaceFolder }: Readonly<Record<'path' | 'backupPath' | 'workspaceFolder', string>>,
  signal?: AbortSignal,
): Promise<boolean> {
  if (!existsSync(path) || !(await new Backups(workspaceFolder).holds(path, backupPath))) return false;
  return !(await reader.request(path, 'backupContent', null, signal)).value.isWhole;
}
