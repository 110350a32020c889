import { randomUUID } from 'node:crypto';
import { parsePostgresUrl } from '../../../src/core/db/postgresUrl.ts';
import { adoptDatabase } from '../../../src/core/identity/adoptDatabase.ts';
import type { WriteExpectation } from '../../../src/core/identity/databaseFingerprint.ts';
import { defaultLevels, type GivenRole } from '../../../src/core/identity/identityTable.ts';
import { rememberPassword } from '../../../src/node/postgres/passwords.ts';
import { WriterClient, type WriterClientOptions } from '../../../src/node/writer/writerClient.ts';
import { journalIn } from '../journalIn.ts';
import type { PostgresServer, User } from './postgresServer.ts';

const processUrl = new URL('../../../src/node/writer/writerProcess.ts', import.meta.url);

/** Writes with a process of its own, as the product does. */
export function serverWriter(folder: string, options: Partial<WriterClientOptions> = {}): WriterClient {
  return new WriterClient({ processUrl, lockTimeoutMs: 10_000, journal: journalIn(folder), ...options });
}

/** The path of a database for a user, whose password this process remembers. */
export function serverPath(server: PostgresServer, database: string, user: User = 'owner'): string {
  const { location, password } = parsePostgresUrl(server.url(database, user), { user: '' });
  rememberPassword(location.path, password);
  return location.path;
}

/** The id by which a write knows the database again. */
async function serverFileId(server: PostgresServer, database: string): Promise<string> {
  const [row] = await server.query<{ id: string }>(
    database,
    `SELECT (SELECT system_identifier FROM pg_control_system()) || ':' || oid AS id
     FROM pg_database WHERE datname = current_database()`,
  );
  return row?.id ?? '';
}

/** Adopts a database, as a person would, and gives what a write to it expects. */
export async function adoptedOnServer(
  server: PostgresServer,
  database: string,
  writer: WriterClient,
  role: GivenRole = 'legacy',
): Promise<WriteExpectation & { readonly path: string }> {
  const path = serverPath(server, database);
  const fileId = await serverFileId(server, database);
  const expected = { id: randomUUID(), role, level: defaultLevels[role], fileId };
  await adoptDatabase(writer, path, { ...expected, createdAt: Date.now(), anyRole: true }, { fileId });
  return { ...expected, path };
}
