import { CheckedWrites } from '../db/checkedWrites.ts';
import type { ReadDatabase, WriteDatabase } from '../db/databasePorts.ts';
import { isOrdinary } from '../db/filledTables.ts';
import type { QueryContext } from '../db/scan/queryContext.ts';
import { UserFacingError } from '../errors.ts';
import { formatStoredTimestamp, parseTimestamp } from '../model/timestamp.ts';
import { t } from '../text/l10n.ts';
import { readIdentity } from './identityTable.ts';
import type { DatabaseChanges } from './journalReport.ts';
import {
  boundedEntry,
  journalDetails,
  noChange,
  type JournalEntry,
  type LastChange,
} from './journalEntry.ts';

/** The table of an adopted database in which its last changes by this product stand; Autopack never reads it. */
export const journalTableName = 'autopack_hygiene_journal';
const table = journalTableName;

/** How many changes a database remembers: older rows go, and the serial counts on. */
export const keptChanges = 500;

/** No column may be called `run_id`: deleting a run deletes the rows of every table that has one. */
const createTable = `CREATE TABLE ${table} (
  serial INTEGER PRIMARY KEY,
  mark TEXT NOT NULL,
  made_at TEXT NOT NULL,
  operation TEXT NOT NULL,
  database_id TEXT NOT NULL,
  details TEXT NOT NULL
)`;

const columns: readonly string[] = ['serial', 'mark', 'made_at', 'operation', 'database_id', 'details'];

type Readable = Pick<ReadDatabase, 'all'>;

/** Serials beyond were made up: greater ones are not exact in JavaScript. */
const mostChanges = 2 ** 52;
const isSerial = `serial BETWEEN 1 AND ${mostChanges}`;

/** Whether a database has the table as we make it; a view, or a table of that name which lacks columns, is not ours. */
function hasJournal(db: Readable): boolean {
  const found = db.all(
    `SELECT lower(c.name) AS name FROM sqlite_master AS m JOIN pragma_table_info(m.name) AS c
     WHERE m.type = 'table' AND lower(m.name) = '${table}' AND ${isOrdinary}`,
  );
  const names = new Set(found.map(({ name }) => name));
  return columns.every((column) => names.has(column));
}

/** The last change that a database knows of. */
export function readLastChange(db: Readable): LastChange {
  return hasJournal(db) ? lastChange(db) : noChange;
}

function lastChange(db: Readable): LastChange {
  const [row] = db.all(`SELECT serial, mark FROM ${table} WHERE ${isSerial} ORDER BY serial DESC LIMIT 1`);
  if (row === undefined) return noChange;
  return { serial: Number(row.serial), mark: String(row.mark) };
}

/** The marks that a database has for these serials; those it does not know, or knows no longer, are left out. */
export function readMarks(db: Readable, serials: readonly number[]): ReadonlyMap<number, string> {
  if (serials.length === 0 || !hasJournal(db)) return new Map();
  const sql = `SELECT serial, mark FROM ${table} WHERE serial IN (${serials.map(() => '?').join(', ')})`;
  return new Map(db.all(sql, serials).map(({ serial, mark }) => [Number(serial), String(mark)]));
}

/** Which changes are read: at most `limit`, those before a serial or the last ones. */
export interface ChangeSelection {
  readonly limit: number;
  readonly before?: number;
}

/** The changes that a database knows of, the last first; rows that make no sense are left out. */
export function readChanges(db: Readable, { limit, before = mostChanges }: ChangeSelection): JournalEntry[] {
  if (!hasJournal(db)) return [];
  const sql = `SELECT ${columns.join(', ')} FROM ${table} WHERE ${isSerial} AND serial < ?
               ORDER BY serial DESC LIMIT ?`;
  return db.all(sql, [before, limit]).flatMap((row) => {
    try {
      return [
        {
          ...journalDetails.parse(JSON.parse(String(row.details))),
          serial: Number(row.serial),
          mark: String(row.mark),
          at: parseTimestamp(String(row.made_at)) ?? 0,
          operation: String(row.operation),
          database: String(row.database_id),
        },
      ];
    } catch {
      return [];
    }
  });
}

/** What a database knows of itself and of its last changes. */
export function databaseChanges(
  { db, schema }: Pick<QueryContext, 'db' | 'schema'>,
  selection: ChangeSelection,
): DatabaseChanges {
  return {
    id: readIdentity(db, schema)?.id ?? null,
    lastChange: readLastChange(db),
    entries: readChanges(db, selection),
  };
}

/** A change that is to be noted: what is not known before the row is written is found here. */
export type NewChange = Omit<JournalEntry, 'serial' | 'before'> & {
  /** The serial becomes greater than this as well: what was seen of the database before a backup was restored. */
  readonly above: number;
};

/**
 * The journal of a database inside the transaction of a change: looked at before it, and written after it, so that
 * no trigger that the change sets off has a part in it.
 */
export class JournalTable {
  readonly #db: WriteDatabase;
  readonly #path: string;
  readonly #before: LastChange;

  private constructor(db: WriteDatabase, path: string, before: LastChange) {
    this.#db = db;
    this.#path = path;
    this.#before = before;
  }

  /** Before the change. `path` is for messages. */
  static open(db: WriteDatabase, path: string): JournalTable {
    return new JournalTable(db, path, readLastChange(db));
  }

  /**
   * Notes the change; makes the table if need be. Throws `triggers` where any would run here, whatever else may,
   * `unsupported` where something else has the table's name, and `unexpected-changes` where the change meddled with it.
   */
  note({ above, ...change }: NewChange): JournalEntry {
    const { serial: before, mark } = this.#before;
    const now = readLastChange(this.#db);
    if (now.serial !== before || now.mark !== mark) throw meddledWith(this.#path);
    const entry = boundedEntry({ ...change, serial: Math.max(before, above) + 1, before });
    const db = new CheckedWrites(this.#db, this.#path, false);
    this.#make();
    const { serial, at, operation, database, mark: ownMark, ...details } = entry;
    db.run(
      `INSERT INTO ${table} (${columns.join(', ')}) VALUES (?, ?, ?, ?, ?, ?)`,
      [serial, ownMark, formatStoredTimestamp(at), operation, database, JSON.stringify(details)],
      1,
    );
    db.run(`DELETE FROM ${table} WHERE serial <= ?`, [serial - keptChanges]);
    db.refuseUnagreed(undefined);
    return entry;
  }

  #make(): void {
    if (hasJournal(this.#db)) return;
    const taken = this.#db.all('SELECT 1 FROM sqlite_master WHERE lower(name) = ?', [table]).length > 0;
    if (taken) throw notOurs(this.#path);
    this.#db.run(createTable);
  }
}

function notOurs(path: string): UserFacingError {
  return new UserFacingError(
    'unsupported',
    t`Nothing was written: what is called ${table} in ${path} is not the table in which changes are noted.`,
    t`Look at it with the sqlite3 shell, and rename or drop it.`,
  );
}

function meddledWith(path: string): UserFacingError {
  return new UserFacingError(
    'unexpected-changes',
    t`Nothing was written to ${path}: the change would have changed ${table}, which only notes changes.`,
    t`Look at the triggers of the database, then try again.`,
  );
}
