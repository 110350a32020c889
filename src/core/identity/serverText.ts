import type { PostgresServer } from '../model/databaseFacts.ts';
import { t } from '../text/l10n.ts';

const encryptions = (): Readonly<Record<PostgresServer['encryption'], string>> => ({
  none: t`not encrypted`,
  encrypted: t`encrypted, server not verified`,
  verified: t`encrypted, server verified`,
});

/** What a server tells of itself and of the connection: names and values, the values as plain text. */
export function serverFacts(server: PostgresServer): readonly (readonly [name: string, value: string])[] {
  const { version, address, port, user, database } = server;
  return [
    [
      t`Server`,
      address === null
        ? t`PostgreSQL ${version} at a Unix socket, port ${port}`
        : t`PostgreSQL ${version} at ${`${address}:${port}`}`,
    ],
    [t`Database`, database],
    [t`User`, `${user}, ${rightsText(server)}`],
    [t`Encryption`, `${encryptions()[server.encryption]} (sslmode ${server.sslMode})`],
    ...(server.isReplica
      ? [[t`Replica`, t`yes: it replays another server, and takes no writes`] as const]
      : []),
    ...(server.isPooled ? [[t`Pooler`, t`yes: a program such as PgBouncer stands in between`] as const] : []),
    [t`System`, systemText(server)],
  ];
}

function systemText({ systemIdentifier, databaseOid, timeline }: PostgresServer): string {
  // It may be told to the superuser alone.
  const system = /^\d+$/.test(systemIdentifier) ? systemIdentifier : t`not told to this user`;
  return timeline === null
    ? t`${system}, database ${databaseOid}`
    : t`${system}, database ${databaseOid}, timeline ${timeline}`;
}

/** Why nothing can be written by this connection, as a sentence; `null` where it can. */
export function readOnlyReason({ isReplica, mayWrite, user }: PostgresServer): string | null {
  if (isReplica) return t`It is a replica: only the primary server takes writes.`;
  return mayWrite ? null : t`The user ${user} may only read.`;
}

function rightsText({ isReplica, mayWrite }: PostgresServer): string {
  if (isReplica) return t`reading only, for this is a replica`;
  return mayWrite ? t`may read and write` : t`may only read`;
}
