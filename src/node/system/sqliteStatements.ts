import type { DatabaseSync } from 'node:sqlite';
import type { Row, SqlValue } from '../../core/db/databasePorts.ts';

/** All rows of a query, as `WriteDatabase.all` gives them. */
export function allRows(database: DatabaseSync, sql: string, params: readonly SqlValue[] = []): Row[] {
  // SqlValue holds all that SQLite returns as long as big integers are not asked for.
  return database.prepare(sql).all(...params.map(asBound)) as Row[];
}

/** Runs one statement as `WriteDatabase.run` does, and returns how many rows it changed itself. */
export function runStatement(
  database: DatabaseSync,
  sql: string,
  params: readonly SqlValue[] = [],
  expectedRows?: number,
): number {
  const changed = Number(database.prepare(sql).run(...params.map(asBound)).changes);
  if (expectedRows === undefined || changed === expectedRows) return changed;
  throw new Error(`${changed} rows were changed instead of ${expectedRows}: ${sql}`);
}

/** A number would be bound as a float, and stored as one where the column has no type to turn it back. */
export function asBound(value: SqlValue | bigint): SqlValue | bigint {
  return typeof value === 'number' && Number.isSafeInteger(value) ? BigInt(value) : value;
}
