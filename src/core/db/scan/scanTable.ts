import type { QueryContext } from '../../queries/queryContext.ts';
import type { ScanColumn } from './scanColumn.ts';
import { scanPages } from './scanPages.ts';
import { scanRows } from './scanRows.ts';
import { tableLayout } from './tableLayout.ts';

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
