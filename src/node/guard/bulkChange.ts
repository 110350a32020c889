import type { DatabaseWriterPort, WriteDatabase } from '../../core/db/writeDatabase.ts';
import type { WriteExpectation } from '../../core/guard/databaseMark.ts';
import { guardedTransaction } from '../../core/guard/guardedTransaction.ts';
import type { ClockPort } from '../../core/ports.ts';
import { acquireDrainLock, type LockOperation } from '../drain/drainLock.ts';
import type { BackupReason } from './backups.ts';
import { refuseDrained } from './refuseAtWork.ts';
import { type WithBackup, withBackup } from './withBackup.ts';

/** What a bulk change needs. `workspaceFolder` is absolute. */
export interface BulkChangeDeps {
  readonly writer: DatabaseWriterPort;
  readonly clock: ClockPort;
  readonly workspaceFolder: string;
}

/** A change of many rows that a person agreed to. */
export interface BulkChange<T> {
  /** Absolute. */
  readonly path: string;
  readonly expected: WriteExpectation;
  readonly reason: BackupReason & LockOperation;
  /** Ends the next step of a refusal: `then re-queue them`. */
  readonly wish: string;
  /** Looks up again what was agreed on, and changes it. `now` is ms since the epoch. */
  readonly work: (db: WriteDatabase, now: number) => T;
}

/**
 * Backs a database up and changes it in one guarded transaction. Meanwhile it holds the lock of drains, so that none
 * begins between the two. Throws `drain-running`, what {@link guardedTransaction} throws, and what `work` throws.
 */
export async function bulkChange<T>(
  { path, expected, reason, wish, work }: BulkChange<T>,
  { writer, clock, workspaceFolder }: BulkChangeDeps,
  signal?: AbortSignal,
): Promise<WithBackup<T>> {
  await refuseDrained(path, wish);
  const now = clock.now();
  const lock = await acquireDrainLock(path, now, undefined, reason);
  try {
    const change = (): Promise<T> =>
      guardedTransaction(writer, { path, expected }, (db) => work(db, now), signal);
    return await withBackup({ path, workspaceFolder, reason, now }, change, signal);
  } finally {
    await lock.release();
  }
}
