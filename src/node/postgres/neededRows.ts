import type { NeededRows } from '../../core/db/databasePorts.ts';
import { quoted } from '../../core/db/foreignKeys.ts';
import { autopackTables } from '../../core/db/schema/autopackSchema.ts';
import { serverNameOf } from '../../core/db/schema/postgresOwnSchema.ts';
import { journalTableName, keptChanges } from '../../core/identity/journalTable.ts';
import type { CatalogTable } from './catalog.ts';

/** Rows of a table that are wanted: what follows `FROM table` in a query. */
export interface WantedRows {
  readonly table: CatalogTable;
  readonly which: string;
}

/** How many of the last changes are at hand: those before may lack their line in a folder's journal. So are those that are to go. */
const journalRows = 100;
const workTables: readonly string[] = ['runs', 'tiers', 'phases'];
const knownTables: readonly string[] = autopackTables.map(({ name }) => name);

/** Which rows of which tables an operation rests on; those of our own tables always, of the journal the last ones. */
export function wantedRows(tables: readonly CatalogTable[], needed: NeededRows | undefined): WantedRows[] {
  const isOwn = ({ name }: CatalogTable): boolean => serverNameOf(name).schema !== null;
  const own = tables.filter(isOwn).map((table) => ({
    table,
    which: table.name === journalTableName ? lastAndOldest(table) : '',
  }));
  if (needed === undefined) return own;
  const conditions = conditionsOf(
    needed,
    tables.filter((table) => !isOwn(table)),
  );
  const isNeeded = ({ name }: CatalogTable): boolean => {
    switch (needed.tables) {
      case 'runs':
        return name === 'runs';
      case 'work':
        return workTables.includes(name);
      case 'known':
        return knownTables.includes(name);
      case 'all':
        return true;
    }
  };
  const theirs = tables.filter(isNeeded).flatMap((table) => {
    const condition = conditions.get(table.name);
    return condition === undefined ? [] : [{ table, which: `WHERE ${condition}` }];
  });
  return [...own, ...theirs];
}

function lastAndOldest({ serverName }: CatalogTable): string {
  return `WHERE serial IN (SELECT serial FROM ${serverName} ORDER BY serial DESC LIMIT ${journalRows})
    OR serial <= (SELECT max(serial) FROM ${serverName}) + 1 - ${keptChanges}`;
}

/** The rows of the runs by table: those with the id of one, and those that refer to rows which are taken. */
function conditionsOf({ runs }: NeededRows, tables: readonly CatalogTable[]): ReadonlyMap<string, string> {
  const byName = new Map(tables.map((table) => [table.name, table]));
  const all = new Map<string, string>();
  for (const table of tables) {
    const column = table.name === 'runs' ? 'id' : 'run_id';
    if (table.columns.some(({ name }) => name === column)) all.set(table.name, ofRuns(runs, column));
  }
  // A table that refers to one with rows of a run is only found once that one is; no chain is longer than there are tables.
  const others = tables.filter(({ name }) => !all.has(name));
  for (let before = -1; before < all.size;) {
    before = all.size;
    for (const { name, foreignKeys } of others) {
      if (all.has(name)) continue;
      const parts = foreignKeys.flatMap(({ columns, parent, parentColumns }) => {
        const condition = all.get(parent);
        const to = byName.get(parent);
        if (condition === undefined || to === undefined) return [];
        return [
          `(${list(columns)}) IN (SELECT ${list(parentColumns)} FROM ${to.serverName} WHERE ${condition})`,
        ];
      });
      if (parts.length > 0) all.set(name, parts.join(' OR '));
    }
  }
  return all;
}

function list(names: readonly string[]): string {
  return names.map(quoted).join(', ');
}

function ofRuns(runs: NeededRows['runs'], column: string): string {
  if (runs === 'all') return 'true';
  if ('prefix' in runs) return `starts_with(${quoted(column)}::text, ${literal(runs.prefix)})`;
  if (runs.length === 0) return 'false';
  return `${quoted(column)}::text IN (${runs.map(literal).join(', ')})`;
}

/** A text as SQL has it, whatever it holds. */
function literal(text: string): string {
  const plain = text.replaceAll("'", "''");
  return plain.includes('\\') ? `E'${plain.replaceAll('\\', '\\\\')}'` : `'${plain}'`;
}
