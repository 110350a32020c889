import type { DatabaseSync } from 'node:sqlite';
import type { ReadDatabase, Row, SqlValue } from '../../src/core/db/databasePorts.ts';

/** The read port over SQLite's native library, for tests of queries: an engine other than the product's own. */
export function nativeReadDatabase(database: DatabaseSync): ReadDatabase {
  return {
    all(sql, params = []) {
      return database.prepare(sql).all(...params) as Row[];
    },
    each(sql, params, onRow) {
      const statement = database.prepare(sql);
      statement.setReturnArrays(true);
      for (const row of statement.iterate(...params)) onRow(row as unknown as SqlValue[]);
    },
  };
}
