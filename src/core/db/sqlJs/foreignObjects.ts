import type { ReadDatabase } from '../readDatabase.ts';
import { SqlError } from './sqlError.ts';

/** How SQLite objects to the definition of a table, index, view or trigger, and its reason if it gives one. */
const unreadableDefinition = /^malformed database schema \((.*)\)(?: - (.*))?$/s;
/** Reasons that are damage of the file, not a definition in words that this SQLite does not know. */
const damage = /^(invalid rootpage|orphan index)/;

/**
 * Lets the tables be read in whose database another object is defined in words that SQLite does not know: it leaves out
 * what it cannot read then. The image is never written, so that nothing comes of the rest of what the pragma allows.
 * `owned` are the tables, in lower case, without which nothing can be read.
 */
export function skipUnreadableObjects(db: Pick<ReadDatabase, 'all'>, owned: ReadonlySet<string>): void {
  try {
    db.all('SELECT 1 FROM sqlite_master LIMIT 1');
  } catch (error) {
    const object = unreadableObject(error);
    if (object === null || owned.has(object.toLowerCase())) throw error;
    db.all('PRAGMA writable_schema = 1');
    const missing = db
      .all(`SELECT lower(name) AS name FROM sqlite_master WHERE type = 'table'`)
      .map(({ name }) => String(name))
      .filter((name) => owned.has(name) && !isReadable(db, name));
    if (missing.length > 0) throw error;
  }
}

/** The object whose definition SQLite cannot read, where that is no damage of the file. */
export function unreadableObject(error: unknown): string | null {
  if (!(error instanceof Error)) return null;
  const [, name, reason] = unreadableDefinition.exec(error.message) ?? [];
  return name === undefined || reason === undefined || damage.test(reason) ? null : name;
}

function isReadable(db: Pick<ReadDatabase, 'all'>, table: string): boolean {
  try {
    db.all(`SELECT 1 FROM "${table}" LIMIT 0`);
    return true;
  } catch (error) {
    if (error instanceof SqlError && !error.isFatal) return false;
    throw error;
  }
}
