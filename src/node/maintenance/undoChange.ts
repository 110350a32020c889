import type { WriteExpectation } from '../../core/identity/databaseFingerprint.ts';
import { guardedWrite } from '../../core/identity/guardedWrite.ts';
import { undoOperation, type UndoneChange } from '../../core/maintenance/undoChange.ts';
import { contextual } from '../../core/text/l10n.ts';
import { acquireDrainLock } from '../identity/drainLock.ts';
import type { DeleteRunDeps } from './bulkChange.ts';
import { refuseDrained } from './refuseAtWork.ts';

/** What is wanted where a drain is under way. */
const undoWish = (): string => contextual('wish')`undo the change`;

/**
 * Undoes a change of a database on a server that a person agreed to undo: its rows become what they were, where nobody
 * changed them since. Throws `drain-running`, `changed`, `not-found` where the rows are no longer kept, and what
 * {@link guardedWrite} throws.
 */
export async function undoAgreed(
  path: string,
  change: UndoneChange,
  expected: WriteExpectation,
  { writer, clock, guard }: DeleteRunDeps,
  signal?: AbortSignal,
): Promise<void> {
  await refuseDrained(path, undoWish());
  const lock = await acquireDrainLock(path, clock.now(), undefined, 'change');
  try {
    const occasion = { keepsRows: true };
    await guardedWrite(writer, { path, expected, occasion }, undoOperation, change, signal);
  } finally {
    await lock.release();
  }
  // A run that is there again is one that the pin does not know.
  await guard.pin(path);
}
