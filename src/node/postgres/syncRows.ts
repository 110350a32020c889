import type { DatabaseSync } from 'node:sqlite';
import { quoted } from '../../core/db/foreignKeys.ts';
import type { CatalogTable } from './catalog.ts';
import type { PostgresConnection } from './connection.ts';
import { writtenSince } from './replicaState.ts';
import { copiedValues, valueKind, type BoundValue } from './values.ts';

/** What came of bringing a table up to the server's. */
export interface SyncedRows {
  readonly rows: number;
  readonly isChanged: boolean;
  /** The keys of rows that are gone, of a table with one text as its key; for others empty. */
  readonly deletedIds: readonly string[];
}

/** How many rows a table has on the server, and how many of them were written since some transaction. */
export interface RowCounts {
  readonly rows: number;
  readonly written: number;
}

/** Counts the rows of tables with one query; see {@link writtenSince}. */
export async function countRows(
  connection: PostgresConnection,
  tables: readonly CatalogTable[],
  since: string | null,
): Promise<ReadonlyMap<string, RowCounts>> {
  if (tables.length === 0) return new Map();
  const parts = tables.map(
    ({ serverName }, index) =>
      `SELECT ${index}, count(*), count(*) FILTER (WHERE ${writtenSince(since)}) FROM ${serverName}`,
  );
  const found = await connection.rows(parts.join(' UNION ALL '));
  return new Map(
    found.map(([index, rows, written]) => [
      tables[Number(index)]?.name ?? '',
      { rows: Number(rows), written: Number(written) },
    ]),
  );
}

/**
 * Makes the rows of a table those of the server, of which only those are read that were written since a transaction, and the
 * keys where rows are gone. Within a transaction of SQLite in which foreign keys are not enforced.
 */
export async function syncRows(
  connection: PostgresConnection,
  db: DatabaseSync,
  table: CatalogTable,
  counts: RowCounts,
  known: { readonly rows: number; readonly since: string | null },
): Promise<SyncedRows> {
  const { rows, written } = counts;
  if (written === 0 && rows === known.rows) return { rows, isChanged: false, deletedIds: [] };
  const name = quoted(table.name);
  if (table.primaryKey.length === 0) {
    db.exec(`DELETE FROM ${name}`);
    await copyRows(connection, db, table, 'true');
    return { rows, isChanged: true, deletedIds: [] };
  }
  const { changed } =
    written > 0 ? await copyRows(connection, db, table, writtenSince(known.since)) : { changed: 0 };
  const count = db.prepare(`SELECT count(*) AS n FROM ${name}`);
  const local = Number(count.get()?.n);
  const deletedIds = local === rows ? [] : await deleteMissing(connection, db, table);
  // Old rows come in with a partition, or where a policy lets this user see them by now.
  if (local !== rows && Number(count.get()?.n) !== rows) await copyRows(connection, db, table, 'true');
  return { rows, isChanged: changed > 0 || local !== rows, deletedIds };
}

/** Streams the values of these columns of a table's rows as SQLite has them; `which` is what follows `FROM table`. */
export async function eachRow(
  connection: PostgresConnection,
  { serverName, columns }: Pick<CatalogTable, 'serverName' | 'columns'>,
  which: string,
  onRow: (values: BoundValue[]) => void,
): Promise<void> {
  const kinds = columns.map(valueKind);
  const names = columns.map(({ name }) => quoted(name)).join(', ');
  await connection.copy(`SELECT ${names} FROM ${serverName} ${which}`, (lines) => {
    for (const line of lines) onRow(copiedValues(line, kinds));
  });
}

/** How many rows were read, and how many of them were not there as they are. */
export interface CopiedRows {
  readonly read: number;
  readonly changed: number;
}

/** Copies the rows that satisfy a condition in SQL, which may end in ORDER BY and LIMIT. */
export async function copyRows(
  connection: PostgresConnection,
  db: DatabaseSync,
  table: CatalogTable,
  condition: string,
): Promise<CopiedRows> {
  const put = putInto(db, table);
  let [read, changed] = [0, 0];
  await eachRow(connection, table, `WHERE ${condition}`, (values) => {
    read++;
    changed += put(values);
  });
  return { read, changed };
}

/** Puts a row into a table, and tells how many rows that changed: none where it is there already. */
function putInto(
  db: DatabaseSync,
  { name, columns, primaryKey }: CatalogTable,
): (values: BoundValue[]) => number {
  // What has a value that must be unique is gone on the server or comes with another one later.
  const replace = insertInto(
    quoted(name),
    columns.map((column) => quoted(column.name)).join(', '),
    columns.length,
  );
  const others = columns
    .map((column) => column.name)
    .filter((column) => !primaryKey.includes(column))
    .map(quoted);
  if (primaryKey.length === 0 || others.length === 0) {
    const insert = db.prepare(replace);
    return (values) => Number(insert.run(...values).changes);
  }
  const upsert = db.prepare(
    `${replace} ON CONFLICT (${primaryKey.map(quoted).join(', ')}) DO UPDATE
     SET ${others.map((column) => `${column} = excluded.${column}`).join(', ')}
     WHERE ${others.map((column) => `${quoted(name)}.${column} IS NOT excluded.${column}`).join(' OR ')}`,
  );
  const instead = db.prepare(replace);
  return (values) => {
    try {
      return Number(upsert.run(...values).changes);
    } catch (error) {
      if (!(error instanceof Error) || !error.message.includes('UNIQUE')) throw error;
      return Number(instead.run(...values).changes);
    }
  };
}

function insertInto(name: string, columns: string, count: number): string {
  const marks = Array.from({ length: count }, () => '?').join(', ');
  return `INSERT OR REPLACE INTO ${name} (${columns}) VALUES (${marks})`;
}

/** Deletes the rows whose keys the server does not have. */
async function deleteMissing(
  connection: PostgresConnection,
  db: DatabaseSync,
  { name, serverName, primaryKey, columns }: CatalogTable,
): Promise<string[]> {
  const keyColumns = primaryKey.flatMap((key) => columns.find((each) => each.name === key) ?? []);
  const keys = primaryKey.map(quoted).join(', ');
  db.exec('DROP TABLE IF EXISTS temp.present');
  db.exec(`CREATE TEMP TABLE present (${keys}, PRIMARY KEY (${keys})) WITHOUT ROWID`);
  try {
    const insert = db.prepare(insertInto('temp.present', keys, primaryKey.length));
    await eachRow(connection, { serverName, columns: keyColumns }, '', (values) => insert.run(...values));
    const missing = `FROM ${quoted(name)} WHERE (${keys}) NOT IN (SELECT ${keys} FROM temp.present)`;
    const [only, another] = keyColumns;
    const isText = only !== undefined && another === undefined && valueKind(only) === 'text';
    const deleted = isText ? db.prepare(`SELECT ${keys} AS id ${missing}`).all() : [];
    db.exec(`DELETE ${missing}`);
    return deleted.map(({ id }) => String(id));
  } finally {
    db.exec('DROP TABLE temp.present');
  }
}
