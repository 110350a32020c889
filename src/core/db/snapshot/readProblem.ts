import { UserFacingError } from '../../errors.ts';
import { unreadableObject, SqlError } from '../sqlJs/sqlJsDatabase.ts';

/** What SQLite says where our own statement is wrong, not the database. */
const ourMistake = /^(no such (table|column)|near |ambiguous|incomplete input|.*syntax error)/;

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

/** What SQLite says of a database that is damaged. */
const damage = /malformed|disk i\/o error|database corruption|is not a database/i;
/** What it says where something is larger than it can hold. */
const tooLarge = /too (big|large|many|much|deep)|out of memory|stack overflow|nesting/i;
/** What it says of what only the program that made the database can provide. */
const foreign = /no such (module|collation sequence|function)|unknown function|unsupported file format/i;

/** A table without what every table of Autopack's has. */
const noRowIds = /no such column: (\w+\.)?(rowid|_rowid_)\b/i;

/** What an error on a state known to be whole means to a person; anything that is not about the database stays as it is. */
export function readProblem(error: unknown, path: string): unknown {
  if (!(error instanceof SqlError)) return error;
  const { message } = error;
  const options = { cause: error };
  if (message === 'file is not a database') return notSqlite(path, error);
  if (noRowIds.test(message)) {
    return new UserFacingError(
      'unsupported',
      `${path} has a table WITHOUT ROWID (${message}), and Autopack makes its tables with row ids.`,
      'Select the database that Autopack writes.',
      options,
    );
  }
  if (foreign.test(message) || unreadableObject(error) !== null) {
    return new UserFacingError(
      'unsupported',
      `${path} is not damaged, but uses what this program does not have: ${message}.`,
      'Open it with the program that made it.',
      options,
    );
  }
  if (ourMistake.test(message)) return error;
  if (tooLarge.test(message)) {
    return new UserFacingError(
      'too-large',
      `${path} holds something too large to be read: ${message}.`,
      'Look for it with the sqlite3 shell.',
      options,
    );
  }
  if (damage.test(message) || error.isFatal) {
    return new UserFacingError(
      'corrupt',
      `${path} is damaged: ${message}.`,
      'Restore it from a backup, or save what can be read with "sqlite3 FILE .recover".',
      options,
    );
  }
  return new UserFacingError(
    'unreadable',
    `${path} cannot be read: ${message}.`,
    'Open it with the program that made it.',
    options,
  );
}
