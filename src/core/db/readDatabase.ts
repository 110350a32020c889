/** A value of SQLite as sql.js gives it. */
export type SqlValue = number | string | Uint8Array | null;

/** A row by column name. */
export type Row = Readonly<Record<string, SqlValue>>;

/**
 * The read port: one committed state of one database, queried synchronously.
 * Queries are written against it and run wherever it lives: in the reader's worker, or in a test.
 */
export interface ReadDatabase {
  /** All rows of a query. Use it for what is small by nature: a run's phases, counts. */
  all(sql: string, params?: readonly SqlValue[]): Row[];
  /** Streams rows as arrays in column order, without building objects. The array is reused: copy what you keep. */
  each(sql: string, params: readonly SqlValue[], onRow: (values: readonly SqlValue[]) => void): void;
}
