import { quoted } from '../../core/db/foreignKeys.ts';
import { ownSchemaName, ownSchemaStatements, ownTableNames } from '../../core/db/schema/postgresOwnSchema.ts';
import { UserFacingError } from '../../core/errors.ts';
import { t } from '../../core/text/l10n.ts';
import type { PostgresConnection } from './connection.ts';
import { sqlStateOf } from './postgresError.ts';

/** Who is connected, for messages and grants. */
export interface SchemaMaker {
  readonly path: string;
  readonly user: string;
  readonly database: string;
}

const presentTables = `SELECT count(*)::text FROM pg_class WHERE relnamespace = to_regnamespace('${ownSchemaName}')
  AND relname IN (${ownTableNames.map((name) => `'${name}'`).join(', ')})`;

/** Whoever else may read or change Autopack's phases. */
const grantees = `SELECT DISTINCT CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE a.grantee::regrole::text END, a.privilege_type
  FROM pg_class c CROSS JOIN aclexplode(c.relacl) AS a
  WHERE c.oid = to_regclass('phases') AND a.grantee <> c.relowner AND a.privilege_type IN ('SELECT', 'UPDATE')
    AND a.grantee <> current_user::regrole::oid`;

/** Whether our schema is there. */
export async function hasOwnSchema(connection: PostgresConnection): Promise<boolean> {
  const [[isThere] = []] = await connection.rows(`SELECT to_regnamespace('${ownSchemaName}') IS NOT NULL`);
  return isThere === 't';
}

/**
 * Gives whoever may read or change Autopack's phases rights to our schema and to what lies in it: `rights` are those of
 * one who may change them (`UPDATE`), or only read them (`SELECT`), as they stand between GRANT and TO.
 */
export async function grantAsForPhases(
  connection: PostgresConnection,
  rights: (right: 'SELECT' | 'UPDATE') => readonly string[],
): Promise<void> {
  for (const [role, right] of await connection.rows(grantees)) {
    const given = [`USAGE ON SCHEMA ${ownSchemaName}`, ...rights(right === 'UPDATE' ? 'UPDATE' : 'SELECT')];
    for (const each of given) await connection.run(`GRANT ${each} TO ${role ?? ''}`);
  }
}

/**
 * Makes what is missing of our own schema, inside the transaction of a change that a person agreed to. Whoever may read
 * Autopack's phases may read our tables afterwards, and who may change those may change these. Throws `no-permission`
 * with what to ask for.
 */
export async function ensureOwnSchema(connection: PostgresConnection, maker: SchemaMaker): Promise<void> {
  const [[count] = []] = await connection.rows(presentTables);
  if (Number(count) === ownTableNames.length) return;
  const isThere = await hasOwnSchema(connection);
  const statements = ownSchemaStatements().filter(
    (statement) => !isThere || !statement.startsWith('CREATE SCHEMA'),
  );
  try {
    for (const statement of statements) await connection.run(statement);
  } catch (error) {
    throw sqlStateOf(error) === '42501' ? mayNotMake(maker, isThere, error) : error;
  }
  await grantAsForPhases(connection, (right) =>
    ownTableNames
      .filter((name) => right === 'UPDATE' || name !== 'undo')
      .map((name) => {
        const rights = right === 'UPDATE' ? 'SELECT, INSERT, UPDATE, DELETE' : 'SELECT';
        return `${rights} ON ${ownSchemaName}.${name}`;
      }),
  );
}

function mayNotMake(
  { path, user, database }: SchemaMaker,
  isThere: boolean,
  cause: unknown,
): UserFacingError {
  const grant = isThere
    ? `GRANT USAGE, CREATE ON SCHEMA ${ownSchemaName} TO ${quoted(user)}`
    : `GRANT CREATE ON DATABASE ${quoted(database)} TO ${quoted(user)}`;
  return new UserFacingError(
    'no-permission',
    t`Nothing was written to ${path}: the user ${user} may not make the schema ${ownSchemaName}, in which this product keeps what a database is.`,
    t`Ask who runs the database for it (${grant}), or do this as its owner.`,
    { cause },
  );
}
