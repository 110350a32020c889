import type { QueryContext } from './queryContext.ts';

/** Rows that are read, kept and read again together. */
const rowsTogether = 256;
const mostParts = 64;

/** The row ids from `from` on, as many as the step. */
export interface RowIdRange {
  readonly from: number;
  readonly step: number;
}

/**
 * Parts of a table by row id, to be read and kept one by one, so that a commit costs only the part it changed. `null`
 * where the rows are to be read at once: without row ids, or with none to speak of.
 */
export function rowIdRanges({ db }: QueryContext, table: 'runs' | 'phases'): readonly RowIdRange[] | null {
  const [found] = db.all(
    `SELECT wr FROM pragma_table_list WHERE schema = 'main' AND lower(name) = '${table}'`,
  );
  if (found?.wr !== 0) return null;
  const [range] = db.all(`SELECT min(rowid) AS first, max(rowid) AS last FROM ${table}`);
  const { first, last } = range ?? {};
  if (!Number.isSafeInteger(first) || !Number.isSafeInteger(last)) return null;
  const start = Math.floor(Number(first) / rowsTogether) * rowsTogether;
  const span = Number(last) - start + 1;
  const step = rowsTogether * 2 ** Math.max(0, Math.ceil(Math.log2(span / rowsTogether / mostParts)));
  const ranges: RowIdRange[] = [];
  for (let from = start; from <= Number(last); from += step) ranges.push({ from, step });
  return ranges;
}
