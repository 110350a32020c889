import { UserFacingError } from '../../errors.ts';
import { SqlError } from '../sqlJs/sqlError.ts';

/** What SQLite says where our own statement is wrong, not the database. */
const ourMistake = /^(no such (table|column|function)|near |ambiguous|incomplete input|.*syntax error)/;

/** The database is no database at all, as far as SQLite can tell. */
export function notSqlite(path: string, cause?: unknown): UserFacingError {
  return new UserFacingError('not-sqlite', `${path} is not a SQLite database.`, 'Select another file.', {
    cause,
  });
}

/** A writer left no moment between two commits in which the database could be read. */
export function tooBusy(path: string): UserFacingError {
  return new UserFacingError(
    'busy',
    `${path} is being written without pause.`,
    'Try again in a moment, or when the program that writes it is done.',
  );
}

/** What an error on a state known to be whole means to a person; anything that is not about the database stays as it is. */
export function readProblem(error: unknown, path: string): unknown {
  if (!(error instanceof SqlError) || ourMistake.test(error.message)) return error;
  if (error.message === 'file is not a database') return notSqlite(path, error);
  return new UserFacingError(
    'corrupt',
    `${path} is damaged: ${error.message}.`,
    'Restore it from a backup, or save what can be read with "sqlite3 FILE .recover".',
    { cause: error },
  );
}
