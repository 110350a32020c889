import { quoted } from '../../core/db/foreignKeys.ts';
import { autopackTables } from '../../core/db/schema/autopackSchema.ts';
import { replicaStateTable } from '../../core/db/tolerantSchema.ts';
import type { Catalog, CatalogColumn, CatalogTable } from './catalog.ts';
import { valueKind } from './values.ts';

/** Which of a table's columns is the key by which rows are told apart as SQLite's row id: a single integer. */
export function integerKey({ primaryKey, columns }: CatalogTable): string | null {
  const [name, another] = primaryKey;
  const column = columns.find((each) => each.name === name);
  return column !== undefined && another === undefined && valueKind(column) === 'integer'
    ? column.name
    : null;
}

/**
 * The statements that make the tables of a replica: Autopack's names, columns, keys and uniqueness, so that our queries and
 * checked writes find them as they would in a SQLite database. Constraints that only the server can hold are left to it.
 * Triggers that somebody made there stand for themselves by name and do nothing here, and so do views.
 */
export function replicaStatements(catalog: Catalog): string[] {
  const names = new Set(catalog.tables.map(({ name }) => name));
  return [
    `CREATE TABLE ${replicaStateTable} (only_row INTEGER PRIMARY KEY CHECK (only_row = 1), state TEXT NOT NULL)`,
    ...catalog.tables.map((table) => createTable(table, names)),
    // A database of somebody else is not an empty one.
    ...(catalog.tables.length === 0 && catalog.hasOthers ? ['CREATE TABLE others (id)'] : []),
    ...[...new Set(catalog.notTables)]
      .filter((name) => !names.has(name))
      .map((name) => `CREATE VIEW ${quoted(name)} AS SELECT NULL AS id WHERE 0`),
    ...triggers(catalog),
  ];
}

function createTable(table: CatalogTable, names: ReadonlySet<string>): string {
  const key = integerKey(table);
  const columns = table.columns.map((column) => {
    const name = quoted(column.name);
    if (column.name === key) return `${name} INTEGER PRIMARY KEY`;
    const standard = defaultOf(column);
    // What only the server fills in may be absent here until it has.
    const isNotNull = column.isNotNull && (column.defaultSql === null || standard !== null);
    return `${name} ${declaredType(column)}${isNotNull ? ' NOT NULL' : ''}${standard === null ? '' : ` DEFAULT ${standard}`}`;
  });
  const list = (columnNames: readonly string[]): string => columnNames.map(quoted).join(', ');
  const constraints = [
    ...(key === null && table.primaryKey.length > 0 ? [`PRIMARY KEY (${list(table.primaryKey)})`] : []),
    ...table.uniques.map((unique) => `UNIQUE (${list(unique)})`),
    ...table.foreignKeys
      .filter(({ parent }) => names.has(parent))
      .map(
        ({ columns: from, parent, parentColumns, onDelete }) =>
          `FOREIGN KEY (${list(from)}) REFERENCES ${quoted(parent)} (${list(parentColumns)}) ON DELETE ${onDelete}`,
      ),
  ];
  return `CREATE TABLE ${quoted(table.name)} (\n  ${[...columns, ...constraints].join(',\n  ')}\n)`;
}

/** As SQLAlchemy declares the type in SQLite, which decides what SQLite makes of a value. */
function declaredType(column: CatalogColumn): string {
  switch (valueKind(column)) {
    case 'integer':
      return 'INTEGER';
    case 'real':
      return 'FLOAT';
    case 'boolean':
      return 'BOOLEAN';
    case 'timestamp':
      return 'DATETIME';
    case 'bytes':
      return 'BLOB';
    case 'text':
      return /^jsonb?$/.test(column.type) ? 'JSON' : column.type === 'text' ? 'TEXT' : 'VARCHAR';
  }
}

/** A default that SQLite has, too; `null` for others, such as sequences. */
function defaultOf(column: CatalogColumn): string | null {
  const sql = column.defaultSql?.replace(/::[\w" ."]+(?:\([\d,]+\))?(?:\[\])?$/, '').trim();
  if (sql === undefined || column.isGenerated) return null;
  if (/^\(?-?\d+(?:\.\d+)?\)?$/.test(sql)) return sql;
  if (/^'(?:[^']|'')*'$/.test(sql)) return sql;
  if (/^(?:true|false)$/i.test(sql)) return sql.toLowerCase() === 'true' ? '1' : '0';
  if (/^(?:now\(\)|CURRENT_TIMESTAMP|timezone\('utc', ?now\(\)\))$/i.test(sql))
    return `(strftime('%Y-%m-%d %H:%M:%f000', 'now'))`;
  return null;
}

/** Names of triggers are unique in a table there, and in the whole database here. */
function triggers({ tables }: Catalog): string[] {
  const taken = new Set<string>();
  return tables.flatMap((table) =>
    table.triggers.flatMap(({ name, events }) =>
      events.map((event) => {
        // SQLite keeps names that begin so to itself.
        const allowed = name.replace(/^(?=sqlite_)/i, '_');
        let unique = allowed;
        for (let n = 2; taken.has(unique.toLowerCase()); n++) unique = `${allowed} (${n})`;
        taken.add(unique.toLowerCase());
        return `CREATE TRIGGER ${quoted(unique)} AFTER ${event} ON ${quoted(table.name)} WHEN 0 BEGIN SELECT 1; END`;
      }),
    ),
  );
}

/** Columns by which our queries look for rows of large tables, and those that Autopack's schema has for small ones. */
const eventIndexes: readonly (readonly string[])[] = [
  ['run_id', 'phase_id'],
  ['category'],
  ['complexity'],
  ['timestamp'],
];
const smallTables = new Set(['runs', 'tiers', 'phases']);

/** The statements for the indexes of a table, which are made when its rows are there. */
export function indexStatements({ name, columns }: CatalogTable): string[] {
  const has = (column: string): boolean => columns.some((each) => each.name === column);
  if (smallTables.has(name)) {
    const indexes = autopackTables.find((table) => table.name === name)?.indexes ?? {};
    return Object.entries(indexes)
      .filter(([, indexed]) => indexed.every(has) && !(indexed.length === 1 && indexed[0] === 'id'))
      .map(([index, indexed]) => indexStatement(index, name, indexed));
  }
  const wanted = name === 'token_estimation_v2_events' ? eventIndexes.slice(0, 3) : eventIndexes.slice(0, 1);
  return wanted
    .map((indexed) => indexed.filter(has))
    .filter(([first]) => first !== undefined)
    .map((indexed) => indexStatement(`ix_replica_${name}_${indexed.join('_')}`, name, indexed));
}

function indexStatement(index: string, table: string, columns: readonly string[]): string {
  return `CREATE INDEX IF NOT EXISTS ${quoted(index)} ON ${quoted(table)} (${columns.map(quoted).join(', ')})`;
}
