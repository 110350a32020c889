import { postgresLocation } from '../../core/db/postgresUrl.ts';
import { PostgresConnection, type PostgresTarget } from './connection.ts';
import { passwordOf } from './passwords.ts';
import { defaultPatience, PatientConnection, type Patience } from './patientConnection.ts';

/** What connects to a database by its PostgreSQL path; `null` where the environment or a password file may have the password. */
export function targetOf(path: string, password: string | null): PostgresTarget {
  return { location: postgresLocation(path), password };
}

/** A connection to the server of a database, by its PostgreSQL path and the password that this process knows. */
export function databaseServer(path: string, patience: Patience = defaultPatience): PatientConnection {
  const target = targetOf(path, passwordOf(path));
  return new PatientConnection(() => PostgresConnection.open(target, { isReadOnly: false }), patience);
}

/** Asks the server of a database once, without patience. */
export async function askServer<T>(
  path: string,
  ask: (connection: PostgresConnection) => Promise<T>,
): Promise<T> {
  const target = targetOf(path, passwordOf(path));
  const connection = await PostgresConnection.open(target, { isReadOnly: true });
  try {
    return await ask(connection);
  } finally {
    await connection.close();
  }
}
