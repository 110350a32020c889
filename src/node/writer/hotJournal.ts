import { UserFacingError } from '../../core/errors.ts';
import { Connection } from './connection.ts';
import { retryWhileBusy } from './retryWhileBusy.ts';

/** SQLITE_READONLY_ROLLBACK: who may only read cannot roll back what a killed program left. */
const readOnlyRollback = 776;
/** How long to wait for whoever has the lock, in ms. */
const patienceMs = 5000;

/** Whether SQLite refuses to read because the journal of a killed program must be rolled back first. */
export function isHotJournal(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && error.errcode === readOnlyRollback;
}

/** What a hot journal means to a person. */
export function hotJournal(path: string, cause: unknown): UserFacingError {
  return new UserFacingError(
    'hot-journal',
    `${path}-journal was left by a program that ended in the middle of a transaction, which must be rolled back before the database can be copied.`,
    'Let SQLite roll it back (backup --roll-back), or open the database with the program that wrote it.',
    { cause },
  );
}

/** Lets SQLite undo the unfinished transaction, as the next program that opens the database would. Fails like the writer. */
export async function rollBackJournal(path: string, signal?: AbortSignal): Promise<void> {
  const connection = new Connection(path);
  try {
    await retryWhileBusy(() => connection.run('BEGIN IMMEDIATE'), Date.now() + patienceMs, signal);
    connection.run('ROLLBACK');
  } finally {
    connection.close();
  }
}
