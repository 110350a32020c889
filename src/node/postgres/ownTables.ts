import { ownSchemaName } from '../../core/db/schema/postgresOwnSchema.ts';
import { UserFacingError } from '../../core/errors.ts';
import { t } from '../../core/text/l10n.ts';
import type { PostgresConnection } from './connection.ts';

/** What a database is, how it is protected, and its last change. */
const sql = `SELECT (SELECT i::text FROM ${ownSchemaName}.identity i),
  (SELECT j::text FROM ${ownSchemaName}.journal j ORDER BY serial DESC LIMIT 1)`;

/**
 * Does something by which triggers run that a person allowed, those that wait for the end of the transaction too. Throws
 * `unexpected-changes` where one changed what the database is, how it is protected, or its journal: nobody allowed that.
 * Our tables must be there.
 */
export async function withoutTouchingOwn<T>(
  connection: PostgresConnection,
  path: string,
  work: () => Promise<T>,
): Promise<T> {
  const before = await connection.rows(sql);
  const result = await work();
  await connection.run('SET CONSTRAINTS ALL IMMEDIATE');
  const after = await connection.rows(sql);
  if (JSON.stringify(before) === JSON.stringify(after)) return result;
  throw new UserFacingError(
    'unexpected-changes',
    t`Nothing was written to ${path}: a trigger would change what the database is, how it is protected, or its journal.`,
    t`Look at the triggers of the database, then try again.`,
  );
}
