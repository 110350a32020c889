import type { SqlValue, WriteDatabase } from './databasePorts.ts';
import type { TolerantSchema } from './tolerantSchema.ts';

/** Values by column. */
export type Values = Readonly<Record<string, SqlValue>>;

/** Inserts a row; columns that an older schema lacks are left out. Does nothing without the table. */
export function insertRow(db: WriteDatabase, schema: TolerantSchema, table: string, values: Values): void {
  const columns = presentColumns(schema, table, values);
  if (columns.length === 0) return;
  const marks = columns.map(() => '?').join(', ');
  const parameters = columns.map((column) => values[column] ?? null);
  db.run(`INSERT INTO ${table} (${columns.join(', ')}) VALUES (${marks})`, parameters, 1);
}

/**
 * Updates the rows that match all of `where`, and tells how many there were; columns that an older schema lacks are left
 * out. With `expectedRows` it throws `unexpected-changes` unless that is how many.
 */
export function updateRows(
  db: WriteDatabase,
  schema: TolerantSchema,
  table: string,
  where: Values,
  values: Values,
  expectedRows?: number,
): number {
  const columns = presentColumns(schema, table, values);
  if (columns.length === 0) return 0;
  const assignments = columns.map((column) => `${column} = ?`).join(', ');
  const keys = Object.keys(where);
  const condition = keys.map((column) => `${column} = ?`).join(' AND ');
  const parameters = [...columns.map((column) => values[column]), ...keys.map((column) => where[column])];
  return db.run(
    `UPDATE ${table} SET ${assignments} WHERE ${condition}`,
    parameters.map((value) => value ?? null),
    expectedRows,
  );
}

function presentColumns(schema: TolerantSchema, table: string, values: Values): string[] {
  return Object.keys(values).filter((column) => schema.hasColumn(table, column));
}
