import { plainPostgresPath } from '../../core/db/postgresUrl.ts';

/** By PostgreSQL path without parameters. Of this process alone: written nowhere, shown nowhere. */
const passwords = new Map<string, string>();

/** Remembers the password of a database for this process; `null` forgets it. `path` is a PostgreSQL path. */
export function rememberPassword(path: string, password: string | null): void {
  const key = plainPostgresPath(path);
  if (password === null) passwords.delete(key);
  else passwords.set(key, password);
}

/** The password of a database; `null` where none was given, and the environment or `~/.pgpass` may have one. */
export function passwordOf(path: string): string | null {
  return passwords.get(plainPostgresPath(path)) ?? null;
}
