import type { QueryContext } from '../../queries/queryContext.ts';
import { rememberedTexts, type ScanColumn } from './scanColumn.ts';

/** Scans through SQLite: for tables whose pages hold something unusual, and where there are no pages to read. */
export function scanRows(
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
