import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Client } from 'pg';
import { from } from 'pg-copy-streams';
import { copyText, type FileColumn, serverTypeOf, type ServerColumn, widerType } from './columnTypes.ts';
import { type PostgresServer, quoted, users } from './postgresServer.ts';

/** How a database is made on the server. */
export interface LoadOptions {
  /** Runs, tiers and phases with times that have a zone, as Autopack's migration makes them, unlike its models. */
  readonly hasZones?: boolean;
}

/** Creates Autopack's tables, empty, as Autopack itself does, for the owner of the database. */
export async function createAutopackTables(
  client: Client,
  { hasZones = false }: LoadOptions = {},
): Promise<void> {
  await client.query(await readFile(join(import.meta.dirname, 'autopackTables.sql'), 'utf8'));
  if (!hasZones) return;
  const times = await client.query<{ table: string; name: string }>(
    `SELECT table_name AS table, column_name AS name FROM information_schema.columns
     WHERE table_name IN ('runs', 'tiers', 'phases') AND udt_name = 'timestamp'`,
  );
  for (const { table, name } of times.rows) {
    await client.query(
      `ALTER TABLE ${table} ALTER ${name} TYPE TIMESTAMP WITH TIME ZONE USING ${name} AT TIME ZONE 'UTC'`,
    );
  }
}

/**
 * Makes a database on the server that holds what a SQLite database holds. Its schema is Autopack's own; what the file lacks
 * it lacks, what else the file has is added, and a column is of another type only where the file has values that Autopack's
 * cannot hold. Our own tables are left out. Returns the name.
 */
export async function loadIntoPostgres(
  server: PostgresServer,
  name: string,
  path: string,
  options: LoadOptions = {},
): Promise<string> {
  await server.createDatabase(name);
  const file = new DatabaseSync(path, { readOnly: true });
  try {
    await server.withClient(name, async (client) => {
      // Rows of an older database may refer to what is not there.
      await client.query(`SET TimeZone = 'UTC'; SET session_replication_role = replica`);
      await client.query(`BEGIN; SET LOCAL ROLE ${users.owner.name}`);
      await createAutopackTables(client, options);
      const tables = tablesOf(file);
      await dropOthers(client, tables);
      const types = new Map<string, Map<string, string>>();
      for (const table of tables) types.set(table, await fitTable(client, file, table));
      await client.query('RESET ROLE');
      for (const table of tables) {
        await copyRows(client, file, table, types.get(table) ?? new Map<string, string>());
        await setSequence(client, file, table);
      }
      await client.query('COMMIT; ANALYZE');
    });
  } finally {
    file.close();
  }
  return name;
}

function tablesOf(file: DatabaseSync): string[] {
  const sql = `SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
    AND name NOT LIKE 'autopack\\_hygiene\\_%' ESCAPE '\\' ORDER BY rowid`;
  return file
    .prepare(sql)
    .all()
    .map((row) => String(row.name));
}

async function dropOthers(client: Client, tables: readonly string[]): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'`,
  );
  for (const { name } of rows) {
    if (!tables.includes(name)) await client.query(`DROP TABLE ${quoted(name)} CASCADE`);
  }
}

/** Gives a table the columns and the freedom that the file's has. Returns the types of its columns. */
async function fitTable(client: Client, file: DatabaseSync, table: string): Promise<Map<string, string>> {
  const given = columnsOf(file, table);
  const alter = (change: string) => client.query(`ALTER TABLE ${quoted(table)} ${change}`);
  let present = await serverColumns(client, table);
  if (present.length === 0)
    await client.query(`CREATE TABLE ${quoted(table)} (${given.map(declaration).join(', ')})`);
  for (const { name } of present) {
    if (!given.some((column) => column.name === name)) await alter(`DROP ${quoted(name)} CASCADE`);
  }
  for (const column of given) await alter(`ADD COLUMN IF NOT EXISTS ${declaration(column)}`);
  present = await serverColumns(client, table);
  for (const column of present) {
    const own = given.find(({ name }) => name === column.name);
    if (column.isRequired && own?.isRequired === false && !own.isKey)
      await alter(`ALTER ${quoted(column.name)} DROP NOT NULL`);
    const type = widerType(file, table, column, await labelsOf(client, column.type));
    if (type !== null)
      await alter(`ALTER ${quoted(column.name)} TYPE ${type} USING ${quoted(column.name)}::text::${type}`);
  }
  if (file.prepare(`PRAGMA foreign_key_list(${quoted(table)})`).all().length === 0)
    await dropForeignKeys(client, table);
  return new Map((await serverColumns(client, table)).map(({ name, type }) => [name, type]));
}

function declaration({ name, declared, isRequired, isKey }: FileColumn): string {
  const type = isKey && declared.toUpperCase() === 'INTEGER' ? 'SERIAL' : serverTypeOf(declared);
  return `${quoted(name)} ${type}${isKey ? ' PRIMARY KEY' : isRequired ? ' NOT NULL' : ''}`;
}

function columnsOf(file: DatabaseSync, table: string): FileColumn[] {
  return file
    .prepare(`PRAGMA table_info(${quoted(table)})`)
    .all()
    .map(({ name, type, notnull, pk }) => ({
      ...{ name: String(name), declared: String(type) },
      ...{ isRequired: notnull === 1, isKey: pk !== 0 },
    }));
}

async function serverColumns(client: Client, table: string): Promise<ServerColumn[]> {
  const { rows } = await client.query<ServerColumn>(
    `SELECT column_name AS name, udt_name AS type, is_nullable = 'NO' AS "isRequired" FROM information_schema.columns
     WHERE table_schema = 'public' AND table_name = $1 ORDER BY ordinal_position`,
    [table],
  );
  return rows;
}

async function labelsOf(client: Client, type: string): Promise<readonly string[] | undefined> {
  const { rows } = await client.query<{ labels: string[] | null }>(
    `SELECT array_agg(enumlabel::text) AS labels FROM pg_enum JOIN pg_type ON pg_type.oid = enumtypid WHERE typname = $1`,
    [type],
  );
  return rows[0]?.labels ?? undefined;
}

async function dropForeignKeys(client: Client, table: string): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT conname AS name FROM pg_constraint WHERE contype = 'f' AND conrelid = $1::regclass`,
    [quoted(table)],
  );
  for (const { name } of rows)
    await client.query(`ALTER TABLE ${quoted(table)} DROP CONSTRAINT ${quoted(name)}`);
}

async function copyRows(
  client: Client,
  file: DatabaseSync,
  table: string,
  types: ReadonlyMap<string, string>,
): Promise<void> {
  const list = [...types.keys()].map(quoted).join(', ');
  const kinds = [...types.values()];
  const select = file.prepare(`SELECT ${list} FROM ${quoted(table)}`);
  select.setReturnArrays(true);
  select.setReadBigInts(true);
  const lines = function* (): Generator<string> {
    let text = '';
    for (const row of select.iterate() as Iterable<unknown>) {
      const values = row as Parameters<typeof copyText>[0][];
      text += `${values.map((value, index) => copyText(value, kinds[index] ?? 'text')).join('\t')}\n`;
      if (text.length < 65_536) continue;
      yield text;
      text = '';
    }
    yield text;
  };
  await pipeline(Readable.from(lines()), client.query(from(`COPY ${quoted(table)} (${list}) FROM STDIN`)));
}

/** The next id that the server gives comes after those that were copied. */
async function setSequence(client: Client, file: DatabaseSync, table: string): Promise<void> {
  for (const { name, isKey, declared } of columnsOf(file, table)) {
    if (!isKey || declared.toUpperCase() !== 'INTEGER') continue;
    await client.query(
      `SELECT setval(pg_get_serial_sequence($1, $2), greatest(max(${quoted(name)}), 1), max(${quoted(name)}) IS NOT NULL)
       FROM ${quoted(table)}`,
      [quoted(table), name],
    );
  }
}
