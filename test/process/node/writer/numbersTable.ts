import { DatabaseSync } from 'node:sqlite';

/** Makes a database with one table of positive numbers that holds 1, and returns its path. */
export function makeNumbers(path: string, journalMode = 'delete'): string {
  const database = new DatabaseSync(path);
  database.exec(`PRAGMA journal_mode = ${journalMode}`);
  database.exec('CREATE TABLE t (a INTEGER CHECK (a > 0)); INSERT INTO t VALUES (1)');
  database.close();
  return path;
}

/** The numbers in the table, sorted. */
export function numbersIn(path: string): unknown[] {
  const database = new DatabaseSync(path, { readOnly: true });
  try {
    const rows = database.prepare('SELECT a FROM t ORDER BY a').all();
    return rows.map((row) => row.a);
  } finally {
    database.close();
  }
}
