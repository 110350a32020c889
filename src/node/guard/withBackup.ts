import { rm } from 'node:fs/promises';
import { UserFacingError } from '../../core/errors.ts';
import { type Backup, type BackupReason, Backups } from './backups.ts';

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

/** After these the file may be in any state, and a copy of it from before is worth keeping. */
const doubtful: readonly string[] = ['corrupt', 'not-sqlite', 'unreadable'];

/**
 * Backs a database up and changes it, all or nothing. A change that did not happen keeps no backup: as the newest it would
 * be taken for the one to be restored. Throws what {@link Backups.add} and `change` throw.
 */
export async function withBackup<T>(
  { path, workspaceFolder, reason, now, needed = path }: BackedUpChange,
  change: () => Promise<T>,
  signal?: AbortSignal,
): Promise<WithBackup<T>> {
  const backups = new Backups(workspaceFolder);
  const backup = await backups.add(path, reason, now, signal);
  try {
    const result = await change();
    // What was done is done, whether or not an old backup can be removed.
    await backups.rotate(path, [backup.path, needed]).catch(() => undefined);
    return { result, backup };
  } catch (error) {
    const didNotHappen = error instanceof UserFacingError && !doubtful.includes(error.code);
    if (didNotHappen) await rm(backup.path, { force: true }).catch(() => undefined);
    throw error;
  }
}
