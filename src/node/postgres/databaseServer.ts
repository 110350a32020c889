import { parsePostgresUrl } from '../../core/db/postgresUrl.ts';
import { PostgresConnection } from './connection.ts';
import { passwordOf } from './passwords.ts';
import { defaultPatience, PatientConnection, type Patience } from './patientConnection.ts';

/** A connection to the server of a database, by its PostgreSQL path and the password that this process knows. */
export function databaseServer(path: string, patience: Patience = defaultPatience): PatientConnection {
  const { location } = parsePostgresUrl(path, { user: '' });
  const target = { location, password: passwordOf(path) };
  return new PatientConnection(() => PostgresConnection.open(target, { isReadOnly: false }), patience);
}

/** Asks the server of a database once, without patience. */
export async function askServer<T>(
  path: string,
  ask: (connection: PostgresConnection) => Promise<T>,
): Promise<T> {
  const { location } = parsePostgresUrl(path, { user: '' });
  const target = { location, password: passwordOf(path) };
  const connection = await PostgresConnection.open(target, { isReadOnly: true });
  try {
    return await ask(connection);
  } finally {
    await connection.close();
  }
}
