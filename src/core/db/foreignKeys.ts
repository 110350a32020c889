import type { ReadDatabase } from './readDatabase.ts';
import type { TolerantSchema } from './tolerantSchema.ts';

/** A foreign key as a table declares it; names in lower case. */
export interface ForeignKey {
  readonly child: string;
  readonly parent: string;
  readonly columns: readonly { readonly from: string; readonly to: string }[];
  /** As SQLite names it: `CASCADE`, `NO ACTION`, `RESTRICT`, `SET NULL`, `SET DEFAULT`. */
  readonly onDelete: string;
}

/** Every foreign key of the tables of a database, also those whose parent is not there. */
export function foreignKeys(db: Pick<ReadDatabase, 'all'>, schema: TolerantSchema): ForeignKey[] {
  return schema.tables.flatMap((child) => {
    const keys = new Map<
      unknown,
      { parent: string; onDelete: string; columns: ForeignKey['columns'][number][] }
    >();
    const sql = `SELECT id, seq, lower("table") AS parent, lower("from") AS own, lower("to") AS theirs, on_delete
                 FROM pragma_foreign_key_list(?) ORDER BY id, seq`;
    for (const row of db.all(sql, [child])) {
      const parent = String(row.parent);
      const key = keys.get(row.id) ?? { parent, onDelete: String(row.on_delete), columns: [] };
      keys.set(row.id, key);
      // Without a column of the parent, its primary key is meant.
      const to = row.theirs === null ? primaryKey(db, parent)[Number(row.seq)] : String(row.theirs);
      if (to !== undefined) key.columns.push({ from: String(row.own), to });
    }
    return [...keys.values()].filter(({ columns }) => columns.length > 0).map((key) => ({ child, ...key }));
  });
}

/** A name as SQL takes it, whatever it holds. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

function primaryKey(db: Pick<ReadDatabase, 'all'>, table: string): string[] {
  const sql = 'SELECT lower(name) AS name FROM pragma_table_info(?) WHERE pk > 0 ORDER BY pk';
  return db.all(sql, [table]).map(({ name }) => String(name));
}
