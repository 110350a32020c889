import type { ReadDatabase, SqlValue } from '../db/readDatabase.ts';

/** An SQL condition on the rows of a table, with the values for its `?`. */
export interface RowFilter {
  readonly sql: string;
  readonly params?: readonly SqlValue[];
}

/** SQLite takes at most 2,000 columns in a result, and each filter is one. */
const mostFilters = 500;

/**
 * How many rows of a table satisfy each filter, in one pass over it.
 * For a few values this beats GROUP BY, which sorts all rows first when no index has them in order.
 */
export function filteredCounts(
  db: Pick<ReadDatabase, 'all'>,
  table: string,
  filters: readonly RowFilter[],
): number[] {
  const columns = filters.map(({ sql }, index) => `count(*) FILTER (WHERE ${sql}) AS n${index}`);
  const params = filters.flatMap((filter) => filter.params ?? []);
  const [row] = db.all(`SELECT ${columns.join(', ')} FROM ${table}`, params);
  return filters.map((_, index) => Number(row?.[`n${index}`] ?? 0));
}

/**
 * The values of a column but NULL, sorted; `null` if there are more than can be filtered by.
 * Jumps from one value to the next through the column's index instead of reading every entry, as DISTINCT would.
 */
export function distinctValues(
  db: Pick<ReadDatabase, 'all'>,
  table: string,
  column: string,
): SqlValue[] | null {
  const sql = `
    WITH RECURSIVE found (value) AS (
      SELECT min(${column}) FROM ${table}
      UNION ALL
      SELECT (SELECT min(${column}) FROM ${table} WHERE ${column} > found.value) FROM found WHERE found.value IS NOT NULL
    )
    SELECT value FROM found WHERE value IS NOT NULL LIMIT ${mostFilters + 1}`;
  const values = db.all(sql).map((row) => row.value ?? null);
  return values.length > mostFilters ? null : values;
}
