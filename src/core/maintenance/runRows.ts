import type { ReadDatabase, ByteImage } from '../db/databasePorts.ts';
import { columnsOf, filledTables } from '../db/filledTables.ts';
import { foreignKeys, quoted, type ReferringTable, type ForeignKey } from '../db/foreignKeys.ts';
import type { TolerantSchema } from '../db/tolerantSchema.ts';

/** The rows of a table that belong to a run, as an SQL condition in which `?1` is the run's id. */
export interface RunRows {
  readonly table: string;
  readonly condition: string;
}

/** Rows of elsewhere that refer to what belongs to a run, and that the schema does not let go with it. */
export interface RunHold extends RunRows {
  /** The table they refer to. */
  readonly parent: string;
}

/** Rows that stay, and whose foreign key is changed as it says for when what they refer to is deleted. */
export interface RunRelease extends RunRows {
  /** What to set, as in `UPDATE ... SET`. */
  readonly assignments: string;
}

/** Where the rows of a run lie. */
export interface RunRowLocations {
  /** Tables of which rows go with a run, each before those it refers to, so that they can be deleted in this order. */
  readonly goes: readonly RunRows[];
  readonly holds: readonly RunHold[];
  /** What says ON DELETE SET NULL or SET DEFAULT, a key each. */
  readonly releases: readonly RunRelease[];
  /** Every table with a foreign key to one of those in `goes`, and which of its rows go. */
  readonly referring: readonly ReferringTable[];
}

/** What a run is: its own by their names, whether or not a file declares the keys. They come first in any account. */
const own: readonly (readonly [table: string, column: string])[] = [
  ['runs', 'id'],
  ['tiers', 'run_id'],
  ['phases', 'run_id'],
  ['token_estimation_v2_events', 'run_id'],
  ['token_budget_escalation_events', 'run_id'],
  ['llm_usage_events', 'run_id'],
  ['phase_outcome_events', 'run_id'],
];

/**
 * Finds where the rows of a run lie: in its own tables and every other with a column `run_id`, of which newer versions of
 * Autopack have many without a foreign key; in those whose foreign keys lead to the id of a run; and, where a key says ON
 * DELETE CASCADE, in what refers to those in turn. Tables of others without any row are left out. `image` holds
 * the bytes of the database, where they can be read past SQLite.
 */
export function locateRunRows(
  db: Pick<ReadDatabase, 'all'>,
  schema: TolerantSchema,
  image?: ByteImage,
): RunRowLocations {
  const ownPresent = own.filter(([table, column]) => schema.hasColumn(table, column));
  const filled = filledTables(db, ['run_id', 'REFERENCES'], image);
  const columns = columnsOf(db, filled);
  const named = filled.filter((table) => columns.get(table)?.has('run_id'));
  const all = foreignKeys(db, filled);
  const keys = all.filter(({ onDelete }) => !isRelease(onDelete));
  const keysTo = byParent(keys);
  const { conditions, runColumns } = byRunId(
    [...ownPresent, ...named.map((table) => [table, 'run_id'] as const)],
    keysTo,
  );
  const rows = (table: string): string => [...(conditions.get(table) ?? [])].join(' OR ');
  const others = keys.filter(
    ({ child, parent, columns: pairs }) =>
      child !== parent && !pairs.some(({ from }) => runColumns.has(`${child}.${from}`)),
  );
  const othersTo = byParent(others);
  // Grows while it is gone through: what goes with a run may itself be referred to.
  const reached = inOrder([...conditions.keys()], keysTo).toReversed();
  for (const parent of reached) {
    for (const key of othersTo.get(parent) ?? []) {
      if (key.onDelete !== 'CASCADE') continue;
      if (!conditions.has(key.child)) reached.push(key.child);
      conditions.set(key.child, [...(conditions.get(key.child) ?? []), refersTo(key, rows(parent))]);
    }
  }
  const toThese = (key: ForeignKey): boolean => conditions.has(key.parent);
  const staying = (key: ForeignKey): string => {
    const goesToo = conditions.has(key.child) ? ` AND coalesce(${rows(key.child)}, 0) = 0` : '';
    return `${refersTo(key, rows(key.parent))}${goesToo}`;
  };
  return {
    goes: inOrder([...conditions.keys()], keysTo).map((table) => ({ table, condition: rows(table) })),
    holds: others
      .filter((key) => toThese(key) && key.onDelete !== 'CASCADE')
      .map((key) => ({ table: key.child, parent: key.parent, condition: staying(key) })),
    releases: all
      .filter((key) => toThese(key) && isRelease(key.onDelete))
      .map((key) => ({ table: key.child, condition: staying(key), assignments: assignments(db, key) })),
    referring: [...new Set(all.filter(toThese).map(({ child }) => child))].map((table) => ({
      table,
      deleted: conditions.has(table) ? rows(table) : undefined,
    })),
  };
}

function isRelease(onDelete: string): boolean {
  return onDelete.startsWith('SET ');
}

function assignments(db: Pick<ReadDatabase, 'all'>, { child, columns, onDelete }: ForeignKey): string {
  const defaults = new Map(
    onDelete === 'SET DEFAULT'
      ? db
          .all('SELECT lower(name) AS name, dflt_value FROM pragma_table_info(?)', [child])
          .map(({ name, dflt_value: sql }) => [String(name), sql])
      : [],
  );
  // A default is kept as the SQL it was written in.
  return columns.map(({ from }) => `${quoted(from)} = (${String(defaults.get(from) ?? 'NULL')})`).join(', ');
}

type KeysByParent = ReadonlyMap<string, readonly ForeignKey[]>;

function byParent(keys: readonly ForeignKey[]): KeysByParent {
  const groups = new Map<string, ForeignKey[]>();
  for (const key of keys) {
    const group = groups.get(key.parent);
    if (group === undefined) groups.set(key.parent, [key]);
    else group.push(key);
  }
  return groups;
}

/** The tables with a column that holds the id of a run, and those columns as `table.column`: known ones, and what refers to them. */
function byRunId(
  known: readonly (readonly [table: string, column: string])[],
  keysTo: KeysByParent,
): { readonly conditions: Map<string, string[]>; readonly runColumns: ReadonlySet<string> } {
  const conditions = new Map<string, string[]>();
  const runColumns = new Set<string>();
  const found: (readonly [table: string, column: string])[] = [];
  const add = (table: string, column: string): void => {
    if (runColumns.has(`${table}.${column}`)) return;
    runColumns.add(`${table}.${column}`);
    conditions.set(table, [...(conditions.get(table) ?? []), isRun(column)]);
    found.push([table, column]);
  };
  for (const [table, column] of known) add(table, column);
  // Grows while it is gone through: a column that refers to one of these holds the id of a run, too.
  for (const [table, column] of found) {
    for (const { child, columns } of keysTo.get(table) ?? []) {
      for (const { from, to } of columns) if (to === column) add(child, from);
    }
  }
  return { conditions, runColumns };
}

function isRun(column: string): string {
  return `${quoted(column)} IS ?1`;
}

function refersTo({ parent, columns }: ForeignKey, rows: string): string {
  const from = columns.map((column) => quoted(column.from)).join(', ');
  const to = columns.map((column) => quoted(column.to)).join(', ');
  return `(${from}) IN (SELECT ${to} FROM ${quoted(parent)} WHERE ${rows})`;
}

/** What refers comes before what it refers to. Without recursion, which a long chain of tables would end. */
function inOrder(tables: readonly string[], keysTo: KeysByParent): string[] {
  const wanted = new Set(tables);
  const order = new Set<string>();
  const visited = new Set<string>();
  // From the back, so that what is tied to nothing does not come between.
  for (const first of tables.toReversed()) {
    const path = [first];
    for (let table = path.at(-1); table !== undefined; table = path.at(-1)) {
      const isNew = !visited.has(table);
      visited.add(table);
      const children = isNew ? (keysTo.get(table) ?? []).map(({ child }) => child) : [];
      const next = children.filter((child) => wanted.has(child) && !visited.has(child)).toReversed();
      if (next.length > 0) path.push(...next);
      else {
        path.pop();
        order.add(table);
      }
    }
  }
  return [...order];
}
