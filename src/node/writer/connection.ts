import { DatabaseSync } from 'node:sqlite';
import type { Row, SqlValue } from '../../core/db/readDatabase.ts';
import type { WriteDatabase } from '../../core/db/writeDatabase.ts';

/** One native connection, with foreign keys enforced and no waiting inside SQLite, where it would block the thread. */
export class Connection implements WriteDatabase {
  readonly #database: DatabaseSync;

  /** Opens or creates the file; throws SQLite's own errors. */
  constructor(path: string) {
    this.#database = new DatabaseSync(path, { timeout: 0, enableForeignKeyConstraints: true });
  }

  all(sql: string, params: readonly SqlValue[] = []): Row[] {
    // SqlValue holds all that SQLite returns as long as big integers are not asked for.
    return this.#database.prepare(sql).all(...params) as Row[];
  }

  run(sql: string, params: readonly SqlValue[] = []): number {
    return Number(this.#database.prepare(sql).run(...params).changes);
  }

  /** Closes the connection, which rolls back what was not committed. */
  close(): void {
    this.#database.close();
  }
}
