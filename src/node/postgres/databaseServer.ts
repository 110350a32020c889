import { postgresLocation } from '../../core/db/postgresUrl.ts';
import { PostgresConnection, type PostgresTarget } from './connection.ts';
import { passwordOf } from './passwords.ts';
import { defaultRetryLimits, RetryingConnection, type RetryLimits } from './retryingConnection.ts';

/** What connects to a database by its PostgreSQL path; `null` where the environment or a password file may have the password. */
export function targetOf(path: string, password: string | null): PostgresTarget {
  return { location: postgresLocation(path), password };
}

/** A connection to the server of a database, by its PostgreSQL path and the password that this process knows. */
export function databaseServer(path: string, limits: RetryLimits = defaultRetryLimits): RetryingConnection {
  const target = targetOf(path, passwordOf(path));
  return new RetryingConnection(() => PostgresConnection.open(target, { isReadOnly: false }), limits);
}

/** Asks the server of a database once, without retries. */
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
