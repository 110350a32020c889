import { createHash } from 'node:crypto';
import { UserFacingError } from '../../core/errors.ts';
import { postgresTitle } from '../../core/db/postgresUrl.ts';
import type { PostgresServer } from '../../core/model/databaseFacts.ts';
import { t } from '../../core/text/l10n.ts';
import type { PostgresConnection } from './connection.ts';
import { sslModeOf } from './encryption.ts';

/** The oldest version that has the functions that are asked here and by the replica. */
const oldestVersion = 130_000;

const factsSql = `SELECT current_setting('server_version'), current_setting('server_version_num'),
  (SELECT oid FROM pg_database WHERE datname = current_database()), host(inet_server_addr()),
  coalesce(inet_server_port(), current_setting('port')::int),
  current_user, current_database(), pg_is_in_recovery(), pg_backend_pid(),
  has_function_privilege('pg_catalog.pg_control_system()', 'EXECUTE'),
  has_function_privilege('pg_catalog.pg_control_checkpoint()', 'EXECUTE'),
  coalesce(has_table_privilege(to_regclass('runs')::oid, 'UPDATE')
    AND has_table_privilege(to_regclass('phases')::oid, 'UPDATE'), false)`;

/** What the server and the connection say, asked within a transaction. Throws `unsupported` for PostgreSQL before 13. */
export async function readServerFacts(connection: PostgresConnection): Promise<PostgresServer> {
  const { location, encryption, client } = connection;
  const [row = []] = await connection.rows(factsSql);
  const [version, number, oid, address, port, user, database, recovery, pid, mayAsk, mayAskTimeline, may] =
    row;
  if (Number(number) < oldestVersion) {
    throw new UserFacingError(
      'unsupported',
      t`${postgresTitle(location.path)} is PostgreSQL ${version ?? ''}, and 13 is the oldest that can be read.`,
      t`Connect to a newer server.`,
    );
  }
  const facts = { port: Number(port ?? location.port), database: database ?? location.database };
  const databaseOid = oid ?? '0';
  return {
    ...facts,
    version: version ?? '',
    systemIdentifier:
      mayAsk === 't' ? await systemIdentifier(connection) : substitute(connection, databaseOid),
    databaseOid,
    timeline: await timeline(connection, mayAskTimeline === 't'),
    address: address ?? null,
    user: user ?? location.user,
    isReplica: recovery === 't',
    mayWrite: may === 't' && recovery !== 't',
    // A pooler tells a number of its own when one connects.
    isPooled: 'processID' in client && Number(client.processID) !== Number(pid),
    encryption,
    sslMode: sslModeOf(location),
  };
}

/** The size of a database in bytes; 0 where the user may not ask. */
export async function readDatabaseSize(connection: PostgresConnection): Promise<number> {
  const [row] = await connection.rows(
    `SELECT CASE WHEN has_database_privilege(current_database(), 'CONNECT') THEN pg_database_size(current_database()) END`,
  );
  return Number(row?.[0] ?? 0);
}

/** What a database of a server has in the place of `device:inode`. */
export function serverFileId({
  systemIdentifier,
  databaseOid,
}: Pick<PostgresServer, 'systemIdentifier' | 'databaseOid'>): string {
  return `${systemIdentifier}:${databaseOid}`;
}

async function systemIdentifier(connection: PostgresConnection): Promise<string> {
  const [row] = await connection.rows('SELECT system_identifier FROM pg_catalog.pg_control_system()');
  return row?.[0] ?? '0';
}

/** What the last checkpoint says is old for a while after a promotion; the log of changes names the timeline it is written on. */
const timelineSql = `SELECT CASE WHEN pg_is_in_recovery() THEN NULL
  ELSE ('x' || left(pg_walfile_name(pg_current_wal_lsn()), 8))::bit(32)::int END`;

async function timeline(connection: PostgresConnection, mayAskCheckpoint: boolean): Promise<number | null> {
  const [row] = await connection.rows(timelineSql);
  if (typeof row?.[0] === 'string') return Number(row[0]);
  if (!mayAskCheckpoint) return null;
  const [last] = await connection.rows('SELECT timeline_id FROM pg_catalog.pg_control_checkpoint()');
  return Number(last?.[0] ?? 0);
}

/** Where the server does not tell: of the address and the database, so that it changes when either does. */
function substitute({ location: { host, port } }: PostgresConnection, databaseOid: string): string {
  const hash = createHash('sha256').update(`${host}:${port} ${databaseOid}`).digest('hex');
  return `~${BigInt(`0x${hash.slice(0, 15)}`)}`;
}
