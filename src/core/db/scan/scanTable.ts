import type { QueryContext } from './queryContext.ts';
import { scanPages } from './scanPages.ts';
import { tableLayout, rememberedTexts, type ScanColumn } from './tableLayout.ts';

/**
 * Reads a few columns of every row of a table as numbers, in the order in which they lie on disk: by row id. A column the table lacks is NULL.
 * `values` is reused from row to row. Where the bytes of the database are at hand, its pages are read without SQLite, for
 * that is several times as fast as fetching values through it; the rows are the same.
 */
export function scanTable(
  context: QueryContext,
  table: string,
  columns: readonly ScanColumn[],
  onRow: (values: Float64Array) => void,
): void {
  const layout = context.image === undefined ? null : tableLayout(context.db, table, columns);
  if (context.image === undefined || layout === null) scanRows(context, table, columns, onRow);
  else scanPages(context.image, layout, columns, onRow);
}

/** Scans through SQLite: for tables whose pages hold something unusual, and where there are no pages to read. */
function scanRows(
  { db, schema }: QueryContext,
  table: string,
  columns: readonly ScanColumn[],
  onRow: (values: Float64Array) => void,
): void {
  const values = new Float64Array(columns.length);
  const known = columns.map(() => new Map<string, number>());
  const names = columns.map(({ name }) => name);
  db.each(`SELECT ${schema.select(table, names)} FROM ${table} NOT INDEXED`, [], (row) => {
    for (const [at, column] of columns.entries()) {
      const value = row[at] ?? null;
      const numbers = known[at];
      if (typeof value !== 'string' || numbers === undefined || !column.repeats) {
        values[at] = column.decode(value);
        continue;
      }
      let number = numbers.get(value);
      if (number === undefined) {
        number = column.decode(value);
        if (numbers.size < rememberedTexts) numbers.set(value, number);
      }
      values[at] = number;
    }
    onRow(values);
  });
}
