import assert from 'node:assert/strict';
import { parsePostgresUrl } from '../../../src/core/db/postgresUrl.ts';
import { PostgresConnection } from '../../../src/node/postgres/connection.ts';
import { makeDrainTables } from '../../../src/node/postgres/drainTables.ts';
import { ensureOwnSchema } from '../../../src/node/postgres/ownSchema.ts';
import { createAutopackTables } from '../../support/postgres/loadDatabase.ts';
import { users } from '../../support/postgres/postgresServer.ts';
import { postgresServer } from '../../support/postgres/usePostgres.ts';

const rightsSql = `SELECT string_agg(table_name || ' ' || privilege_type, ', ' ORDER BY table_name, privilege_type)
  FROM information_schema.role_table_grants WHERE grantee = $1 AND table_schema = 'autopack_hygiene'`;

describe('the schema of our own on a server', function () {
  this.timeout(60_000);
  const server = postgresServer();

  it('may be read by who may read the phases, and written by who may write them', async () => {
    const name = await server().createDatabase('own-schema');
    await server().withClient(name, async (client) => {
      await createAutopackTables(client);
      await client.query(`CREATE ROLE worker; GRANT SELECT, UPDATE ON phases TO worker;
        GRANT SELECT ON phases TO ${users.reader.name}`);
    });
    const { location, password } = parsePostgresUrl(server().url(name, 'superuser'), { user: '' });
    const connection = await PostgresConnection.open({ location, password }, { isReadOnly: false });
    try {
      await makeDrainTables(connection);
      await connection.run('BEGIN');
      await ensureOwnSchema(connection, { path: location.path, user: location.user, database: name });
      await connection.run('COMMIT');
      const [[read = null] = []] = await connection.rows(rightsSql, [users.reader.name]);
      const [[written = null] = []] = await connection.rows(rightsSql, ['worker']);
      const readable = ['approvals', 'drains', 'identity', 'journal', 'leases', 'results', 'workers'];
      assert.equal(read, readable.map((table) => `${table} SELECT`).join(', '));
      for (const table of ['approvals', 'identity', 'journal', 'undo']) {
        assert.match(
          written ?? '',
          new RegExp(`${table} DELETE, ${table} INSERT, ${table} SELECT, ${table} UPDATE`),
        );
      }
      for (const table of ['drains', 'leases', 'results', 'workers']) {
        assert.match(written ?? '', new RegExp(`${table} INSERT, ${table} SELECT, ${table} UPDATE`));
      }
    } finally {
      await connection.close();
    }
  });
});
