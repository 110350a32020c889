import { userInfo } from 'node:os';
import type { PostgresDefaults } from '../../core/db/postgresUrl.ts';

/** What libpq takes for parts that a URL leaves out: variables of the environment, and the name of the user. */
export function postgresDefaults(
  environment: Readonly<Record<string, string | undefined>> = process.env,
): PostgresDefaults {
  const { PGUSER: user, PGHOST: host, PGPORT: port, PGDATABASE: database } = environment;
  return {
    user: given(user) ?? userInfo().username,
    host: given(host),
    port: given(port),
    database: given(database),
  };
}

function given(text: string | undefined): string | undefined {
  return text === undefined || text.trim() === '' ? undefined : text;
}
