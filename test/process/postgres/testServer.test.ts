import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { users } from '../../support/postgres/postgresServer.ts';
import { postgresServer } from '../../support/postgres/usePostgres.ts';

const startAndWait = `
  const { PostgresServer } = await import(process.argv[1]);
  const server = await PostgresServer.start();
  console.log(server.folder);
  setInterval(() => undefined, 1000);`;

describe('the PostgreSQL server for tests', () => {
  for (const version of ['newest', 15] as const) {
    describe(`version ${version}`, () => {
      const server = postgresServer({ version });

      it('lets its users in by their passwords, and the reader only read', async () => {
        const name = await server().createDatabase('test server');
        await server().withClient(name, (client) => client.query('CREATE TABLE kept (id int)'), 'owner');
        await server().withClient(
          name,
          async (client) => {
            assert.deepEqual((await client.query('SELECT current_user AS name, * FROM kept')).rows, []);
            await assert.rejects(client.query('INSERT INTO kept VALUES (1)'), /permission denied/);
          },
          'reader',
        );
        assert.ok(server().version >= (version === 15 ? 15 : 16));
        assert.ok(server().url(name).includes(encodeURIComponent(users.owner.password)));
      });

      it('keeps what was committed when it crashes, and cuts connections', async () => {
        const name = await server().createDatabase('test server crash');
        await server().query(name, 'CREATE TABLE kept AS SELECT 1 AS id');
        await server().restart('immediate');
        const client = await server().connect(name, 'owner');
        assert.equal(await server().cutConnections(name), 1);
        await assert.rejects(client.query('SELECT 1'));
        assert.deepEqual(await server().query(name, 'SELECT * FROM kept'), [{ id: 1 }]);
      });
    });
  }

  it('is ended and removed with a process that is killed', async function () {
    this.timeout(30_000);
    const url = new URL('../../support/postgres/postgresServer.ts', import.meta.url).href;
    const child = spawn(process.execPath, ['--input-type=module', '-e', startAndWait, url], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = (await Promise.race([once(child.stdout, 'data'), once(child, 'exit')])) as [unknown];
    const folder = String(line).trim();
    if (!folder.startsWith('/')) return this.skip();
    assert.ok(existsSync(folder));
    child.kill('SIGKILL');
    for (let waited = 0; existsSync(folder) && waited < 100; waited++) await wait(50);
    assert.ok(!existsSync(folder));
  });
});
