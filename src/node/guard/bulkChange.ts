import type { DatabaseWriterPort, WriteDatabase } from '../../core/db/writeDatabase.ts';
import type { WriteExpectation } from '../../core/guard/databaseMark.ts';
import { guardedTransaction } from '../../core/guard/guardedTransaction.ts';
import type { ClockPort } from '../../core/ports.ts';
import { acquireDrainLock } from '../drain/drainLock.ts';
import { type Backup, type BackupReason, Backups } from './backups.ts';
import { refuseDrained } from './refuseAtWork.ts';

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
  readonly reason: BackupReason;
  /** Ends the next step of a refusal: `then re-queue them`. */
  readonly wish: string;
  /** Looks up again what was agreed on, and changes it. `now` is ms since the epoch. */
  readonly work: (db: WriteDatabase, now: number) => T;
}

/** What came of a bulk change, and what was there before. */
export interface BulkResult<T> {
  readonly result: T;
  readonly backup: Backup;
}

/**
 * Backs a database up and changes it in one guarded transaction. Meanwhile it holds the lock of drains, so that none
 * begins between the two. Throws `drain-running`, what {@link guardedTransaction} throws, and what `work` throws.
 */
export async function bulkChange<T>(
  { path, expected, reason, wish, work }: BulkChange<T>,
  { writer, clock, workspaceFolder }: BulkChangeDeps,
  signal?: AbortSignal,
): Promise<BulkResult<T>> {
  await refuseDrained(path, wish);
  const now = clock.now();
  const lock = await acquireDrainLock(path, now);
  try {
    const backup = await new Backups(workspaceFolder).make(path, reason, now, signal);
    const change = { path, expected };
    const result = await guardedTransaction(writer, change, (db) => work(db, now), signal);
    return { result, backup };
  } finally {
    await lock.release();
  }
}
