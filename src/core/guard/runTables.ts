import type { ReadDatabase } from '../db/readDatabase.ts';
import type { TolerantSchema } from '../db/tolerantSchema.ts';
import { type ForeignKey, foreignKeys, quoted } from '../db/foreignKeys.ts';

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

/** Where the rows of a run lie. */
export interface RunTables {
  /** Tables of which rows go with a run, each before those it refers to, so that they can be deleted in this order. */
  readonly goes: readonly RunRows[];
  readonly holds: readonly RunHold[];
  /** Rows that stay and only lose what they refer to, a key each: SQLite itself sets that to NULL or a default. */
  readonly releases: readonly RunHold[];
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
 * DELETE CASCADE, in what refers to those in turn. A key that says SET NULL or SET DEFAULT is SQLite's.
 */
export function runTables(db: Pick<ReadDatabase, 'all'>, schema: TolerantSchema): RunTables {
  const all = foreignKeys(db, schema);
  const keys = all.filter(({ onDelete }) => !onDelete.startsWith('SET '));
  const keysTo = byParent(keys);
  const { conditions, runColumns } = byRunId(schema, keysTo);
  const rows = (table: string): string => [...(conditions.get(table) ?? [])].join(' OR ');
  const others = keys.filter(
    ({ child, parent, columns }) =>
      child !== parent && !columns.some(({ from }) => runColumns.has(`${child}.${from}`)),
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
  const staying = (key: ForeignKey): RunHold => {
    const goesToo = conditions.has(key.child) ? ` AND coalesce(${rows(key.child)}, 0) = 0` : '';
    const condition = `${refersTo(key, rows(key.parent))}${goesToo}`;
    return { table: key.child, parent: key.parent, condition };
  };
  const holds = others
    .filter(({ parent, onDelete }) => conditions.has(parent) && onDelete !== 'CASCADE')
    .map(staying);
  const releases = all
    .filter(({ parent, onDelete }) => conditions.has(parent) && onDelete.startsWith('SET '))
    .map(staying);
  const goes = inOrder([...conditions.keys()], keysTo).map((table) => ({ table, condition: rows(table) }));
  return { goes, holds, releases };
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

/** The tables with a column that holds the id of a run, and those columns as `table.column`. */
function byRunId(
  schema: TolerantSchema,
  keysTo: KeysByParent,
): { readonly conditions: Map<string, string[]>; readonly runColumns: ReadonlySet<string> } {
  const conditions = new Map<string, string[]>();
  const runColumns = new Set<string>();
  const found: (readonly [table: string, column: string])[] = [];
  const add = (table: string, column: string): void => {
    if (runColumns.has(`${table}.${column}`) || !schema.hasColumn(table, column)) return;
    runColumns.add(`${table}.${column}`);
    conditions.set(table, [...(conditions.get(table) ?? []), isRun(column)]);
    found.push([table, column]);
  };
  for (const [table, column] of own) add(table, column);
  for (const table of schema.tables) add(table, 'run_id');
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
