import type { DatabaseWriterPort, WriteOperation } from '../../core/db/databasePorts.ts';
import type { WriteExpectation } from '../../core/identity/databaseFingerprint.ts';
import { guardedWrite } from '../../core/identity/guardedWrite.ts';
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
export interface BulkChange<Params, Result> {
  /** Absolute. */
  readonly path: string;
  readonly expected: WriteExpectation;
  readonly reason: BackupReason & LockOperation;
  /** Ends the next step of a refusal: `then re-queue them`. */
  readonly wish: string;
  /** Looks up again what was agreed on, and changes it. */
  readonly operation: WriteOperation<Params, Result>;
  /** `now` is ms since the epoch. */
  readonly params: (now: number) => Params;
}

/**
 * Backs a database up and changes it in one guarded transaction. Meanwhile it holds the lock of drains, so that none
 * begins between the two. Throws `drain-running`, what {@link guardedWrite} throws, and what the operation throws.
 */
export async function bulkChange<Params, Result>(
  { path, expected, reason, wish, operation, params }: BulkChange<Params, Result>,
  { writer, clock, workspaceFolder }: BulkChangeDeps,
  signal?: AbortSignal,
): Promise<WithBackup<Result>> {
  await refuseDrained(path, wish);
  const now = clock.now();
  const lock = await acquireDrainLock(path, now, undefined, reason);
  try {
    const change = (): Promise<Result> =>
      guardedWrite(writer, { path, expected }, operation, params(now), signal);
    return await withBackup({ path, workspaceFolder, reason, now }, change, signal);
  } finally {
    await lock.release();
  }
}
