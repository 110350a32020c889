import type { Database, Statement } from 'sql.js';
import type { ReadDatabase, Row, SqlValue } from '../databasePorts.ts';
import { ownTables } from '../tolerantSchema.ts';

/** A database image opened in sql.js. */
export interface OpenSqlDatabase extends ReadDatabase {
  /** Frees its memory in the WASM heap. */
  close(): void;
}

/** How much of a database SQLite itself keeps: little, for the cache of pages is outside. In KiB. */
const cacheKib = 4096;
/** What all of SQLite's allocations may come to, so that a damaged record cannot claim all memory. In bytes. */
const heapLimit = 512 * 1024 * 1024;

/** The read port over one sql.js database. What SQLite itself objects to is thrown as `SqlError`. */
export class SqlJsDatabase implements OpenSqlDatabase {
  readonly #db: Database;
  /** What a read of the image threw while SQLite saw an I/O error. */
  readonly #takeFailure: () => Error | null;

  constructor(db: Database, takeFailure: () => Error | null) {
    this.#db = db;
    this.#takeFailure = takeFailure;
    try {
      this.#step(`PRAGMA hard_heap_limit = ${heapLimit}`, [], () => () => undefined);
      skipUnreadableObjects(this, ownTables);
      this.#step(`PRAGMA cache_size = -${cacheKib}`, [], () => () => undefined);
      this.#step('PRAGMA query_only = 1', [], () => () => undefined);
    } catch (error) {
      // Nobody else knows of it, and its memory would be gone for every database that is read later.
      this.#db.close();
      throw error;
    }
  }

  all(sql: string, params: readonly SqlValue[] = []): Row[] {
    const rows: Row[] = [];
    this.#step(sql, params, (statement) => {
      const names = statement.getColumnNames();
      return (values) => rows.push(Object.fromEntries(names.map((name, i) => [name, values[i] ?? null])));
    });
    return rows;
  }

  each(sql: string, params: readonly SqlValue[], onRow: (values: readonly SqlValue[]) => void): void {
    this.#step(sql, params, () => onRow);
  }

  close(): void {
    this.#db.close();
  }

  #step(
    sql: string,
    params: readonly SqlValue[],
    begin: (statement: Statement) => (values: readonly SqlValue[]) => void,
  ): void {
    const statement = this.#ask(() => this.#db.prepare(sql));
    try {
      this.#ask(() => statement.bind([...params]));
      const onRow = begin(statement);
      while (this.#ask(() => statement.step())) onRow(statement.get());
    } finally {
      statement.free();
    }
  }

  /** Calls SQLite, and tells its errors from those of whoever reads the image or takes the rows. */
  #ask<T>(call: () => T): T {
    let result: T;
    try {
      result = call();
    } catch (error) {
      throw this.#takeFailure() ?? new SqlError(error);
    }
    const failure = this.#takeFailure();
    if (failure !== null) throw failure;
    return result;
  }
}

/** How SQLite objects to the definition of a table, index, view or trigger, and its reason if it gives one. */
const unreadableDefinition = /^malformed database schema \((.*)\)(?: - (.*))?$/s;
/** Reasons that are damage of the file, not a definition in words that this SQLite does not know. */
const damage = /^(invalid rootpage|orphan index)/;

/**
 * Lets the tables be read in whose database another object is defined in words that SQLite does not know: it leaves out
 * what it cannot read then. The image is never written, so that nothing comes of the rest of what the pragma allows.
 * `owned` are the tables, in lower case, without which nothing can be read.
 */
function skipUnreadableObjects(db: Pick<ReadDatabase, 'all'>, owned: ReadonlySet<string>): void {
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

/** SQLite's own objection to a statement or to the database it reads. */
export class SqlError extends Error {
  override readonly name = 'SqlError';

  /** `cause` is what sql.js threw: an error, or now and then a string. */
  constructor(cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
  }

  /** Whether SQLite itself broke down, in an assertion or out of its memory: then no later query can be trusted. */
  get isFatal(): boolean {
    // Traps of WebAssembly are the only errors of other kinds.
    return this.cause instanceof Error && this.cause.name !== 'Error';
  }
}
