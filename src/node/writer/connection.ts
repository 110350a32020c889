import { DatabaseSync } from 'node:sqlite';
import type { Row, SqlValue, WriteDatabase } from '../../core/db/databasePorts.ts';
import { refuseOddCompanions } from '../files/databaseCompanions.ts';
import { keepLocks } from '../files/deferredClose.ts';

/** One native connection, with foreign keys enforced and no waiting inside SQLite, where it would block the thread. */
export class Connection implements WriteDatabase {
  readonly #database: DatabaseSync;
  readonly #letGo = keepLocks();

  /** Opens or creates the file; throws SQLite's own errors. */
  constructor(path: string) {
    try {
      refuseOddCompanions(path);
      this.#database = new DatabaseSync(path, { timeout: 0, enableForeignKeyConstraints: true });
    } catch (error) {
      this.#letGo();
      throw error;
    }
  }

  all(sql: string, params: readonly SqlValue[] = []): Row[] {
    // SqlValue holds all that SQLite returns as long as big integers are not asked for.
    return this.#database.prepare(sql).all(...params.map(asBound)) as Row[];
  }

  run(sql: string, params: readonly SqlValue[] = [], expectedRows?: number): number {
    const changed = Number(this.#database.prepare(sql).run(...params.map(asBound)).changes);
    if (expectedRows === undefined || changed === expectedRows) return changed;
    throw new Error(`${changed} rows were changed instead of ${expectedRows}: ${sql}`);
  }

  /** Closes the connection, which rolls back what was not committed. */
  close(): void {
    try {
      this.#database.close();
    } finally {
      this.#letGo();
    }
  }
}

/** A number would be bound as a float, and stored as one where the column has no type to turn it back. */
function asBound(value: SqlValue): SqlValue | bigint {
  return typeof value === 'number' && Number.isSafeInteger(value) ? BigInt(value) : value;
}
