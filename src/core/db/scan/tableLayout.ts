import type { ReadDatabase, SqlValue } from '../databasePorts.ts';
import { SqlError } from '../sqlJs/sqlJsDatabase.ts';

/** Where a table's rows lie, and where in a row the wanted columns are. */
export interface TableLayout {
  /** The number of the page its tree begins at. */
  readonly rootPage: number;
  /** For each wanted column its position in a row, -1 where the table lacks it. */
  readonly positions: readonly number[];
  /** For each wanted column what rows hold that were written before it was added to the table. */
  readonly defaults: readonly SqlValue[];
}

/**
 * The layout of a table whose rows can be read from its pages, or `null` where that takes SQLite itself: tables without row
 * ids, virtual ones, generated columns, a wanted column that is the row id, text that is not UTF-8.
 */
export function tableLayout(
  db: ReadDatabase,
  table: string,
  columns: readonly { readonly name: string }[],
): TableLayout | null {
  const [encoding] = db.all('PRAGMA encoding');
  if (encoding?.encoding !== 'UTF-8') return null;
  const [found] = db.all(
    `SELECT m.rootpage, l.wr, l.type FROM sqlite_master AS m
     JOIN pragma_table_list(m.name) AS l ON l.schema = 'main'
     WHERE m.type = 'table' AND lower(m.name) = ?`,
    [table],
  );
  if (found?.type !== 'table' || found.wr !== 0) return null;
  const stored = db.all('SELECT lower(name) AS name, dflt_value, pk, hidden FROM pragma_table_xinfo(?)', [
    table,
  ]);
  if (stored.some(({ hidden }) => hidden !== 0)) return null;
  const positions = columns.map(({ name }) => stored.findIndex((column) => column.name === name));
  if (positions.some((position) => Number(stored[position]?.pk ?? 0) > 0)) return null;
  const defaults = positions.map((position) => defaultValue(db, stored[position]?.dflt_value ?? null));
  return { rootPage: Number(found.rootpage), positions, defaults };
}

/** A default is kept as the SQL it was written in. */
function defaultValue(db: ReadDatabase, sql: SqlValue): SqlValue {
  return sql === null ? null : (db.all(`SELECT ${String(sql)} AS value`)[0]?.value ?? null);
}

/** A column to scan, and how its values become numbers. */
export interface ScanColumn {
  readonly name: string;
  /** Whether the column holds the same texts again and again: then each is decoded once, as a rule. */
  readonly repeats: boolean;
  readonly decode: (value: SqlValue) => number;
  /** Whole numbers that are themselves what `decode` makes of them: none, 0 and 1, or all. Spares a call for each value. */
  readonly plain?: 'flags' | 'integers';
  /** Reads text from its UTF-8 bytes where it can, without making a string of it; `null` hands it to `decode`. */
  readonly decodeBytes?: (bytes: Uint8Array, from: number, to: number) => number | null;
}

/** How many different texts of a column are remembered before it is taken to be one where every row has its own. */
export const rememberedTexts = 1 << 18;

/** What is thrown where pages do not hold what they should: damage, or pages of two states. In SQLite's own words, and `where`. */
export function malformed(where?: string): SqlError {
  return new SqlError(`database disk image is malformed${where === undefined ? '' : ` (${where})`}`);
}
