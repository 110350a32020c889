import assert from 'node:assert/strict';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { databaseSources } from '../../support/data/dataSources.ts';
import { createBacklog } from '../../support/smallBacklog.ts';
import { loadIntoPostgres } from '../../support/postgres/loadDatabase.ts';
import { postgresServer } from '../../support/postgres/usePostgres.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';

describe('loading a SQLite database into PostgreSQL', () => {
  const server = postgresServer();
  const folder = temporaryFolder();

  for (const source of databaseSources().filter(({ isReal }) => !isReal)) {
    it(`copies every row of ${source.name}`, async function () {
      this.timeout(30_000);
      const name = await loadIntoPostgres(server(), 'load database', source.path);
      const file = new DatabaseSync(source.path, { readOnly: true });
      try {
        const tables = file.prepare(`SELECT name FROM sqlite_schema WHERE type = 'table'`).all();
        for (const table of tables
          .map((row) => String(row.name))
          .filter((table) => !table.startsWith('sqlite_'))) {
          const sql = `SELECT count(*) AS rows FROM "${table}"`;
          const [copied] = await server().query<{ rows: string }>(name, sql);
          assert.equal(Number(copied?.rows), file.prepare(sql).get()?.rows, table);
        }
      } finally {
        file.close();
      }
    });
  }

  it('keeps values as they are, and gives ids that are free', async () => {
    const path = join(folder(), 'backlog.db');
    createBacklog(path);
    const name = await loadIntoPostgres(server(), 'load database', path);
    const [phase] = await server().query(
      name,
      'SELECT scope::text, state, updated_at::text FROM phases WHERE id = 1',
    );
    assert.deepEqual(phase, {
      scope: '{"paths": ["src/shop"], "deliverables": ["src/shop/parser.py", "tests/test_parser.py"]}',
      state: 'FAILED',
      updated_at: '2025-12-20 09:00:00',
    });
    const [tier] = await server().query(name, `INSERT INTO tiers (tier_id) VALUES ('T3') RETURNING id`);
    assert.deepEqual(tier, { id: 3 });
  });

  it('takes what the types cannot hold as text', async () => {
    const path = join(folder(), 'backlog.db');
    createBacklog(path);
    const file = new DatabaseSync(path);
    file.exec(`UPDATE phases SET state = 'queued', updated_at = 'yesterday', tokens_used = 5000000000 WHERE id = 5;
      UPDATE phases SET created_at = '2025-12-20T10:00:00.123456+02:00' WHERE id = 1; UPDATE phases SET scope = '{' WHERE id = 2`);
    file.close();
    const name = await loadIntoPostgres(server(), 'load database', path);
    const read = (id: number) =>
      server().query(
        name,
        `SELECT state, updated_at, tokens_used, scope, created_at::text FROM phases WHERE id = ${id}`,
      );
    const [odd] = await read(5);
    assert.deepEqual(odd, {
      state: 'queued',
      updated_at: 'yesterday',
      tokens_used: '5000000000',
      scope: null,
      created_at: null,
    });
    const [zoned] = await read(1);
    assert.equal(zoned?.created_at, '2025-12-20 08:00:00.123');
  });

  it('has times with a zone where they are asked for', async () => {
    const path = join(folder(), 'backlog.db');
    createBacklog(path);
    const name = await loadIntoPostgres(server(), 'load database', path, { hasZones: true });
    const sql = `SELECT created_at = '2025-12-20 10:00:00+02' AS same FROM runs WHERE id = 'build-1'`;
    assert.deepEqual(await server().query(name, sql), [{ same: true }]);
  });
});
