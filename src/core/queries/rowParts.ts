import type { SqlValue } from '../db/databasePorts.ts';
import { reuse, type QueryContext } from '../db/scan/queryContext.ts';

/** Rows that are read, kept and read again together. */
const rowsTogether = 256;
const mostParts = 64;

/** The row ids from `from` on, as many as the step. */
interface RowIdRange {
  readonly from: number;
  readonly step: number;
}

/**
 * Reads a table part by part, and keeps the parts one by one, so that a commit costs only those it changed. `read` gets the
 * condition of a part and its values; `key` identifies the cached read. A table without row ids, or with
 * none to speak of, is one part.
 */
export function reuseByPart<T>(
  context: QueryContext,
  table: 'runs' | 'phases',
  key: string,
  read: (own: QueryContext, where: string, params: readonly SqlValue[]) => T,
): T[] {
  const ranges = reuse(context, `${table}: ranges`, (own) => rowIdRanges(own, table));
  if (ranges === null) return [reuse(context, key, (own) => read(own, '', []))];
  return ranges.map(({ from, step }) =>
    reuse(context, `${key} ${from} + ${step}`, (own) =>
      read(own, 'WHERE rowid >= ? AND rowid < ?', [from, from + step]),
    ),
  );
}

function rowIdRanges({ db }: QueryContext, table: string): readonly RowIdRange[] | null {
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
