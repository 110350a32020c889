import { Connection } from '../writer/connection.ts';
import { sqliteError } from '../writer/sqliteError.ts';

/** Throws `locked` at once if somebody reads or writes the database just now. Changes nothing. */
export function refuseLocked(path: string): void {
  let connection: Connection | undefined;
  try {
    connection = new Connection(path);
    connection.run('BEGIN EXCLUSIVE');
    connection.run('ROLLBACK');
  } catch (error) {
    throw sqliteError(error, path);
  } finally {
    connection?.close();
  }
}
