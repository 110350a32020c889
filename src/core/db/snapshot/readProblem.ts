import { UserFacingError } from '../../errors.ts';
import { t } from '../../text/l10n.ts';
import { unreadableObject, SqlError } from '../sqlJs/sqlJsDatabase.ts';

/** What SQLite says where our own statement is wrong, not the database. */
const ourMistake = /^(no such (table|column)|near |ambiguous|incomplete input|.*syntax error)/;

/** The database is no database at all, as far as SQLite can tell. */
export function notSqlite(path: string, cause?: unknown): UserFacingError {
  return new UserFacingError('not-sqlite', t`${path} is not a SQLite database.`, t`Select another file.`, {
    cause,
  });
}

/** A writer left no moment between two commits in which the database could be read. */
export function tooBusy(path: string): UserFacingError {
  return new UserFacingError(
    'busy',
    t`${path} is being written without pause.`,
    t`Try again in a moment, or when the program that writes it is done.`,
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
      t`${path} has a table WITHOUT ROWID (${message}), and Autopack makes its tables with row ids.`,
      t`Select the database that Autopack writes.`,
      options,
    );
  }
  if (foreign.test(message) || unreadableObject(error) !== null) {
    return new UserFacingError(
      'unsupported',
      t`${path} is not damaged, but uses what this program does not have: ${message}.`,
      t`Open it with the program that made it.`,
      options,
    );
  }
  if (ourMistake.test(message)) return error;
  if (tooLarge.test(message)) {
    return new UserFacingError(
      'too-large',
      t`${path} holds something too large to be read: ${message}.`,
      t`Look for it with the sqlite3 shell.`,
      options,
    );
  }
  if (damage.test(message) || error.isFatal) {
    return new UserFacingError(
      'corrupt',
      t`${path} is damaged: ${message}.`,
      t`Restore it from a backup, or save what can be read with "sqlite3 FILE .recover".`,
      options,
    );
  }
  return new UserFacingError(
    'unreadable',
    t`${path} cannot be read: ${message}.`,
    t`Open it with the program that made it.`,
    options,
  );
}
