import type { QueryContext } from '../../queries/queryContext.ts';
import type { SqlValue } from '../readDatabase.ts';
import { scanPages } from './scanPages.ts';
import { scanRows } from './scanRows.ts';
import { tableLayout } from './tableLayout.ts';

/** A column to scan, and how its values become numbers. */
export interface ScanColumn {
  readonly name: string;
  /** Whether the column holds the same texts again and again: then each is decoded once, as a rule. */
  readonly repeats: boolean;
  readonly decode: (value: SqlValue) => number;
  /** Reads text from its UTF-8 bytes where it can, without making a string of it; `null` hands it to `decode`. */
  readonly decodeBytes?: (bytes: Uint8Array, from: number, to: number) => number | null;
}

/**
 * Reads a few columns of every row of a table as numbers, in the order in which they lie on disk: by row id. A column the table lacks is NULL.
 * `values` is reused from row to row. Where the bytes of the database are at hand, its pages are read without SQLite, for
 * that is several times as fast as fetching values through it; the rows are the same.
 */
export function scanColumns(
  context: QueryContext,
  table: string,
  columns: readonly ScanColumn[],
  onRow: (values: Float64Array) => void,
): void {
  const layout = context.image === undefined ? null : tableLayout(context.db, table, columns);
  if (context.image === undefined || layout === null) scanRows(context, table, columns, onRow);
  else scanPages(context.image, layout, columns, onRow);
}
