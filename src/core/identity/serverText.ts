import type { PostgresServer } from '../model/databaseFacts.ts';

const encryptions: Readonly<Record<PostgresServer['encryption'], string>> = {
  none: 'not encrypted',
  encrypted: 'encrypted, server not verified',
  verified: 'encrypted, server verified',
};

/** What a server tells of itself and of the connection: names and values, the values as plain text. */
export function serverFacts(server: PostgresServer): readonly (readonly [name: string, value: string])[] {
  const { version, address, port, user, database } = server;
  return [
    [
      'Server',
      `PostgreSQL ${version} at ${address === null ? `a Unix socket, port ${port}` : `${address}:${port}`}`,
    ],
    ['Database', database],
    ['User', `${user}, ${rightsText(server)}`],
    ['Encryption', `${encryptions[server.encryption]} (sslmode ${server.sslMode})`],
    ...(server.isReplica
      ? [['Replica', 'yes: it replays another server, and takes no writes'] as const]
      : []),
    ...(server.isPooled ? [['Pooler', 'yes: a program such as PgBouncer stands in between'] as const] : []),
    ['System', systemText(server)],
  ];
}

function systemText({ systemIdentifier, databaseOid, timeline }: PostgresServer): string {
  // It may be told to the superuser alone.
  const system = /^\d+$/.test(systemIdentifier) ? systemIdentifier : 'not told to this user';
  return `${system}, database ${databaseOid}${timeline === null ? '' : `, timeline ${timeline}`}`;
}

/** Why nothing can be written by this connection, as a sentence; `null` where it can. */
export function readOnlyReason({ isReplica, mayWrite, user }: PostgresServer): string | null {
  if (isReplica) return 'It is a replica: only the primary server takes writes.';
  return mayWrite ? null : `The user ${user} may only read.`;
}

function rightsText({ isReplica, mayWrite }: PostgresServer): string {
  if (isReplica) return 'reading only, for this is a replica';
  return mayWrite ? 'may read and write' : 'may only read';
}
