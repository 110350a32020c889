import { DatabaseSync, type SQLInputValue } from 'node:sqlite';

/** Asks SQLite itself; the rows, by column name. Waits for a writer. */
export function queryDatabase(
  path: string,
  sql: string,
  ...params: SQLInputValue[]
): Record<string, unknown>[] {
  const database = new DatabaseSync(path, { readOnly: true, timeout: 5000 });
  try {
    return database
      .prepare(sql)
      .all(...params)
      .map((row) => ({ ...row }));
  } finally {
    database.close();
  }
}
