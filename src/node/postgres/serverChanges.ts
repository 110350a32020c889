import type { ChangedValue, RowChange, TableChanges } from './changeset.ts';
import type { PostgresConnection } from './connection.ts';
import { serverText } from './serverValue.ts';
import type { ServerColumn, ServerTable } from './serverTables.ts';

/** Texts of the server by column; `null` is SQL's. */
export type Texts = Readonly<Record<string, string | null>>;

/** What must be in a column: a value as the replica has it, or exactly that text. */
export type Expected = { readonly value: ChangedValue } | { readonly text: string | null };

/** A row to be changed on the server. */
export interface ServerRow {
  readonly kind: RowChange['kind'];
  /** Its primary key; of an insertion as it is going to be. */
  readonly key: Texts;
  /** What must be there; nothing of an insertion. */
  readonly before: Readonly<Record<string, Expected>>;
  /** What is to be there; nothing of a deletion. */
  readonly after: Texts;
}

/** The rows to be changed of one table. */
export interface ServerChanges {
  readonly table: ServerTable;
  readonly rows: readonly ServerRow[];
}

/** Ids of rows that come from a sequence of the server, by those that SQLite gave them; by the table's name. */
type NewIds = ReadonlyMap<string, ReadonlyMap<number, string>>;

/** A foreign key of Autopack's models that every version means, whether or not a database declares it. */
const undeclaredKeys: readonly (readonly [child: string, column: string, parent: string])[] = [
  ['phases', 'tier_id', 'tiers'],
];

/**
 * What changes of a replica are on the server: values as its types want them, ids from its sequences. `columnsOf` gives the
 * columns of a table of the replica, in order. Throws `unsupported` for values that do not fit.
 */
export async function serverChanges(
  connection: PostgresConnection,
  changes: readonly TableChanges[],
  tables: ReadonlyMap<string, ServerTable>,
  columnsOf: (table: string) => readonly string[],
): Promise<ServerChanges[]> {
  const ids = await takeIds(connection, changes, tables, columnsOf);
  return changes.flatMap(({ table: name, rows }) => {
    const table = tables.get(name);
    if (table === undefined) return [];
    const translate = new RowTranslation(
      table,
      columnsOf(name),
      referredIds(table, tables, ids),
      ids.get(name),
    );
    return [{ table, rows: rows.map((row) => translate.row(row)) }];
  });
}

/** How many ids are taken of each table at a time is what is needed: one question a table. */
async function takeIds(
  connection: PostgresConnection,
  changes: readonly TableChanges[],
  tables: ReadonlyMap<string, ServerTable>,
  columnsOf: (table: string) => readonly string[],
): Promise<NewIds> {
  const all = new Map<string, ReadonlyMap<number, string>>();
  for (const { table: name, rows } of changes) {
    const key = sequenceKey(tables.get(name));
    if (key?.sequence == null) continue;
    const at = columnsOf(name).indexOf(key.name);
    const given = rows
      .flatMap((row) => (row.kind === 'insert' ? [Number(row.new[at])] : []))
      .sort((a, b) => a - b);
    if (given.length === 0) continue;
    const sql = 'SELECT nextval($1::regclass) FROM generate_series(1, $2::integer)';
    const taken = await connection.rows(sql, [key.sequence, String(given.length)]);
    all.set(name, new Map(given.map((id, index) => [id, taken[index]?.[0] ?? ''])));
  }
  return all;
}

/** The column of the primary key, where it is one that a sequence fills. */
function sequenceKey(table: ServerTable | undefined): ServerColumn | undefined {
  const [only, another] = table?.primaryKey ?? [];
  if (another !== undefined) return undefined;
  return table?.columns.find(({ name, sequence }) => name === only && sequence !== null);
}

/** The columns of a table that refer to rows whose ids are new. */
function referredIds(
  table: ServerTable,
  tables: ReadonlyMap<string, ServerTable>,
  ids: NewIds,
): ReadonlyMap<string, ReadonlyMap<number, string>> {
  const byOid = new Map([...tables.values()].map((each) => [each.oid, each]));
  const found = new Map<string, ReadonlyMap<number, string>>();
  const add = (column: string, parent: string | undefined): void => {
    const given = parent === undefined ? undefined : ids.get(parent);
    if (given !== undefined) found.set(column, given);
  };
  for (const [child, column, parent] of undeclaredKeys) if (child === table.name) add(column, parent);
  for (const { child, parent, columns } of table.keys) {
    const to = byOid.get(parent);
    if (child !== table.oid || to === undefined) continue;
    for (const pair of columns) if (pair.to === sequenceKey(to)?.name) add(pair.from, to.name);
  }
  return found;
}

class RowTranslation {
  readonly #columns: readonly (ServerColumn | undefined)[];
  readonly #table: ServerTable;
  readonly #referred: ReadonlyMap<string, ReadonlyMap<number, string>>;
  readonly #ownIds: ReadonlyMap<number, string> | undefined;

  constructor(
    table: ServerTable,
    columns: readonly string[],
    referred: ReadonlyMap<string, ReadonlyMap<number, string>>,
    ownIds: ReadonlyMap<number, string> | undefined,
  ) {
    const byName = new Map(table.columns.map((column) => [column.name.toLowerCase(), column]));
    this.#table = table;
    this.#columns = columns.map((name) => byName.get(name.toLowerCase()));
    this.#referred = referred;
    this.#ownIds = ownIds;
  }

  row({ kind, old, new: values }: RowChange): ServerRow {
    const key: Record<string, string | null> = {};
    const before: Record<string, Expected> = {};
    const after: Record<string, string | null> = {};
    for (const [index, column] of this.#columns.entries()) {
      if (column === undefined) continue;
      const [was, is] = [old[index], values[index]];
      if (was !== undefined) before[column.name] = { value: was };
      if (is !== undefined && !column.isGenerated) after[column.name] = this.#text(is, column);
      if (!this.#table.primaryKey.includes(column.name)) continue;
      key[column.name] = kind === 'insert' ? (after[column.name] ?? null) : serverText(was ?? null, column);
    }
    return { kind, key, before, after };
  }

  #text(value: ChangedValue, column: ServerColumn): string | null {
    const isOwnId = this.#ownIds !== undefined && column.name === this.#table.primaryKey[0];
    const ids = isOwnId ? this.#ownIds : this.#referred.get(column.name);
    return (typeof value === 'number' ? ids?.get(value) : undefined) ?? serverText(value, column);
  }
}

/** Tables in an order in which each comes after those that it refers to, as far as they do not refer to one another. */
export function parentsFirst(changes: readonly ServerChanges[]): ServerChanges[] {
  const byOid = new Map(changes.map((each) => [each.table.oid, each]));
  const done = new Set<ServerChanges>();
  const visiting = new Set<ServerChanges>();
  const visit = (each: ServerChanges): void => {
    if (done.has(each) || visiting.has(each)) return;
    visiting.add(each);
    for (const { child, parent } of each.table.keys) {
      const before = byOid.get(parent);
      if (child === each.table.oid && before !== undefined && before !== each) visit(before);
    }
    done.add(each);
  };
  for (const each of changes) visit(each);
  return [...done];
}
