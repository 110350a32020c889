import { protectionLevels } from '../../model/protectionLevel.ts';

/** The schema of our own tables on a PostgreSQL server; made with consent alone. */
export const ownSchemaName = 'autopack_hygiene';

/** How our own tables are called where they lie beside those of Autopack, as in SQLite and in a replica. */
const ownPrefix = `${ownSchemaName}_`;

/** Where a table lies on the server; `schema` is `null` for those of Autopack, which lie where the server looks first. */
export interface ServerName {
  readonly schema: string | null;
  readonly table: string;
}

/** The name on the server of a table as SQLite calls it. */
export function serverNameOf(table: string): ServerName {
  return table.startsWith(ownPrefix)
    ? { schema: ownSchemaName, table: table.slice(ownPrefix.length) }
    : { schema: null, table };
}

/** The name in SQLite, and in a replica, of a table of the server; in lower case for those that are not ours. */
export function localNameOf(schema: string, table: string): string {
  return schema === ownSchemaName ? `${ownPrefix}${table}` : table.toLowerCase();
}

/** Our tables that a change may make or need, by their names on the server. */
export const ownTableNames = ['identity', 'approvals', 'journal', 'undo'] as const;

/**
 * What makes our own schema; does nothing where all of it is there. Values are texts as SQLite has them, so that both read
 * alike. No column may be called `run_id`: deleting a run deletes the rows of every table that has one.
 */
export function ownSchemaStatements(): string[] {
  const levels = protectionLevels.map((level) => `'${level}'`).join(', ');
  return [
    `CREATE SCHEMA IF NOT EXISTS ${ownSchemaName}`,
    `CREATE TABLE IF NOT EXISTS ${ownSchemaName}.identity (
      only_row integer PRIMARY KEY CHECK (only_row = 1),
      id text NOT NULL,
      role text NOT NULL CHECK (role IN ('seed', 'legacy')),
      created_at text NOT NULL,
      level text CHECK (level IN (${levels}))
    )`,
    `CREATE TABLE IF NOT EXISTS ${ownSchemaName}.approvals (
      id text PRIMARY KEY,
      operation text NOT NULL,
      digest text NOT NULL,
      database_id text,
      path text,
      file_id text,
      rows_left bigint NOT NULL,
      approved_at bigint NOT NULL,
      expires_at bigint NOT NULL,
      used_at bigint
    )`,
    `CREATE TABLE IF NOT EXISTS ${ownSchemaName}.journal (
      serial bigint PRIMARY KEY,
      mark text NOT NULL,
      made_at text NOT NULL,
      operation text NOT NULL,
      database_id text NOT NULL,
      details text NOT NULL
    )`,
    `CREATE TABLE IF NOT EXISTS ${ownSchemaName}.undo (
      serial bigint NOT NULL,
      part integer NOT NULL,
      body bytea NOT NULL,
      PRIMARY KEY (serial, part)
    )`,
  ];
}
