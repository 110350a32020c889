import type { ReadDatabase } from './readDatabase.ts';

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
