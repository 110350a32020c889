import assert from 'node:assert/strict';
import { parsePostgresUrl } from '../../../src/core/db/postgresUrl.ts';
import { PostgresConnection } from '../../../src/node/postgres/connection.ts';
import { postgresServer } from '../../support/postgres/usePostgres.ts';

describe('a connection to a PostgreSQL server', function () {
  this.timeout(30_000);
  const server = postgresServer();
  const name = 'connection';
  before(() => server().createDatabase(name));
  afterEach(() => {
    delete process.env.PGOPTIONS;
  });

  const open = (isReadOnly: boolean, query = ''): Promise<PostgresConnection> =>
    PostgresConnection.open(parsePostgresUrl(`${server().url(name)}${query}`, { user: '' }), { isReadOnly });

  async function settings(isReadOnly: boolean, query = ''): Promise<(string | null)[] | undefined> {
    const connection = await open(isReadOnly, query);
    try {
      const sql = `SELECT current_setting('search_path'), current_setting('default_transaction_read_only')`;
      return (await connection.rows(sql))[0];
    } finally {
      await connection.close();
    }
  }

  it('looks for tables in the same schema where it reads and where it writes, as libpq does', async () => {
    const options = `?options=${encodeURIComponent('-c search_path=tenant')}`;
    assert.deepEqual(await settings(true, options), ['tenant', 'on']);
    assert.deepEqual(await settings(false, options), ['tenant', 'off']);
    process.env.PGOPTIONS = '-c search_path=other';
    assert.deepEqual(await settings(true), ['other', 'on']);
    assert.deepEqual(await settings(false), ['other', 'off']);
    assert.deepEqual(await settings(true, options), ['tenant', 'on']);
  });

  it('is given up where nothing answers when it rolls back', async () => {
    const connection = await open(false);
    const [[pid] = []] = await connection.begin({ isReadOnly: false }, 'SELECT pg_backend_pid()');
    process.kill(Number(pid), 'SIGSTOP');
    try {
      await connection.rollback();
      assert.equal(connection.isOpen, false);
    } finally {
      process.kill(Number(pid), 'SIGCONT');
      connection.abort();
    }
  });
});
