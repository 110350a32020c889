import type { Database, Statement } from 'sql.js';
import type { ReadDatabase, Row, SqlValue } from '../readDatabase.ts';
import { ownTables } from '../tolerantSchema.ts';
import { skipUnreadableObjects } from './foreignObjects.ts';
import { SqlError } from './sqlError.ts';

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
