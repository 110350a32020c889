import { UserFacingError } from '../errors.ts';
import { t } from '../text/l10n.ts';
import { counted } from '../text/quantities.ts';
import type { ReadDatabase, SqlValue } from './databasePorts.ts';

/** A foreign key as a table declares it; names in lower case. */
export interface ForeignKey {
  readonly child: string;
  readonly parent: string;
  readonly columns: readonly { readonly from: string; readonly to: string }[];
  /** As SQLite names it: `CASCADE`, `NO ACTION`, `RESTRICT`, `SET NULL`, `SET DEFAULT`. */
  readonly onDelete: string;
}

/** Every foreign key that these tables declare, also those whose parent is not there. One query, however many tables. */
export function foreignKeys(db: Pick<ReadDatabase, 'all'>, tables: readonly string[]): ForeignKey[] {
  const sql = `SELECT t.value AS child, k.id AS id, k.seq AS seq, lower(k."table") AS parent, lower(k."from") AS own,
                      lower(k."to") AS theirs, k.on_delete AS on_delete
               FROM json_each(?) AS t JOIN pragma_foreign_key_list(t.value) AS k ORDER BY t.key, k.id, k.seq`;
  const keys = new Map<string, ForeignKey & { readonly columns: ForeignKey['columns'][number][] }>();
  const primaryKeys = new Map<string, string[]>();
  for (const row of db.all(sql, [JSON.stringify(tables)])) {
    const [child, parent] = [String(row.child), String(row.parent)];
    const name = JSON.stringify([child, row.id]);
    const key = keys.get(name) ?? { child, parent, onDelete: String(row.on_delete), columns: [] };
    keys.set(name, key);
    // Without a column of the parent, its primary key is meant.
    let to = row.theirs === null ? undefined : String(row.theirs);
    if (to === undefined) {
      const primary = primaryKeys.get(parent) ?? primaryKey(db, parent);
      primaryKeys.set(parent, primary);
      to = primary[Number(row.seq)];
    }
    if (to !== undefined) key.columns.push({ from: String(row.own), to });
  }
  return [...keys.values()].filter(({ columns }) => columns.length > 0);
}

/** A name as SQL takes it, whatever it holds. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

function primaryKey(db: Pick<ReadDatabase, 'all'>, table: string): string[] {
  const sql = 'SELECT lower(name) AS name FROM pragma_table_info(?) WHERE pk > 0 ORDER BY pk';
  return db.all(sql, [table]).map(({ name }) => String(name));
}

/**
 * More tables with foreign keys than this: SQLite compiles a check for every one that refers to a table of which rows are deleted,
 * which takes it minutes where there are many thousands.
 */
const manyTables = 200;

/** Whether a database has so few tables with foreign keys that SQLite can be left to hold deletions to them. */
export function hasFewForeignKeys(db: Pick<ReadDatabase, 'all'>): boolean {
  const sql = `SELECT count(*) AS n FROM
    (SELECT 1 FROM sqlite_master WHERE type = 'table' AND sql LIKE '%REFERENCES%' LIMIT ${manyTables + 1})`;
  return Number(db.all(sql)[0]?.n) <= manyTables;
}

/** A table with foreign keys, and the condition of its rows that are to be deleted, if any are. */
export interface ReferringTable {
  readonly table: string;
  readonly deleted?: string | undefined;
}

/**
 * Holds deletions to the foreign keys of some tables where SQLite does not (`PRAGMA foreign_keys` is off): no row may be
 * left that refers to nothing and did not before. Only the tables it is asked about are looked at.
 */
export class ForeignKeyCheck {
  readonly #db: Pick<ReadDatabase, 'all'>;
  readonly #dangling: ReadonlyMap<string, number>;

  private constructor(db: Pick<ReadDatabase, 'all'>, dangling: ReadonlyMap<string, number>) {
    this.#db = db;
    this.#dangling = dangling;
  }

  /**
   * Counts what refers to nothing before the deletion, without what is to be deleted; `null` where SQLite itself enforces
   * foreign keys. `params` are those of the conditions.
   */
  static begin(
    db: Pick<ReadDatabase, 'all'>,
    tables: () => readonly ReferringTable[],
    params: readonly SqlValue[] = [],
  ): ForeignKeyCheck | null {
    const isEnforced = db.all('PRAGMA foreign_keys')[0]?.foreign_keys === 1;
    if (isEnforced) return null;
    const dangling = tables().map(
      ({ table, deleted }) => [table, danglingRows(db, table, deleted, params)] as const,
    );
    return new ForeignKeyCheck(db, new Map(dangling));
  }

  /** Throws `unexpected-changes` where more rows refer to nothing than did before. */
  refuseViolation(): void {
    for (const [table, before] of this.#dangling) {
      const more = danglingRows(this.#db, table) - before;
      if (more <= 0) continue;
      throw new UserFacingError(
        'unexpected-changes',
        t`Nothing was deleted: ${counted(more, 'row')} of ${table} would refer to nothing.`,
        t`Look at the foreign keys of the database, then try again.`,
      );
    }
  }
}

function danglingRows(
  db: Pick<ReadDatabase, 'all'>,
  table: string,
  deleted?: string,
  params: readonly SqlValue[] = [],
): number {
  const stays =
    deleted === undefined
      ? ''
      : ` WHERE NOT EXISTS (SELECT 1 FROM ${quoted(table)} WHERE rowid = k.rowid AND (${deleted}))`;
  const sql = `SELECT count(*) AS n FROM pragma_foreign_key_check(${text(table)}) AS k${stays}`;
  return Number(db.all(sql, deleted === undefined ? [] : params)[0]?.n);
}

function text(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}
