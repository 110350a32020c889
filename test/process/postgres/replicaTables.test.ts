import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { assertSameRows } from '../../support/postgres/replicaRows.ts';
import { suiteReplicas } from '../../support/postgres/suiteReplicas.ts';

describe('the tables of a replica', function () {
  this.timeout(60_000);
  const { server, makeDatabase, replicaOf, replicaAt } = suiteReplicas();

  it('has all that is asked for, though another process removed it and made it anew meanwhile', async () => {
    const name = await makeDatabase();
    const [sync, other] = [replicaOf(name), replicaOf(name)];
    const { path } = await sync('all');
    await rm(path);
    await other([]);
    await server().withClient(name, async (client) => assertSameRows(client, await sync('all')));
  });

  it('has old rows that come to be seen', async () => {
    const name = await makeDatabase();
    await server().withClient(name, async (client) => {
      await client.query(`
        GRANT SELECT ON ALL TABLES IN SCHEMA public TO public;
        ALTER TABLE runs ENABLE ROW LEVEL SECURITY;
        CREATE POLICY visible ON runs USING (id < 'run-15')`);
      const sync = replicaOf(name, server(), 'reader');
      const before = await sync([]);
      await client.query(`ALTER POLICY visible ON runs USING (true)`);
      const after = await sync('all');
      assert.notEqual(after.version.token, before.version.token);
      await assertSameRows(client, after);
    });
  });

  it("keeps to Autopack's tables where others have their names, or such as SQLite keeps to itself", async () => {
    const name = await makeDatabase();
    await server().withClient(name, async (client) => {
      await client.query(`
        CREATE SCHEMA audit;
        CREATE TABLE audit.phases (id integer PRIMARY KEY, run_id varchar REFERENCES public.runs (id));
        CREATE TABLE "Phases" (id integer PRIMARY KEY, run_id varchar);
        CREATE TABLE sqlite_stat1 (run_id varchar);
        CREATE FUNCTION nothing() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
        CREATE TRIGGER sqlite_t AFTER UPDATE ON runs FOR EACH ROW EXECUTE FUNCTION nothing()`);
      await assertSameRows(client, await replicaOf(name)('all'));
    });
  });

  it('are those of the schema that the options of the URL lead to', async () => {
    const name = await makeDatabase();
    await server().withClient(name, (client) =>
      client.query(`CREATE SCHEMA other; CREATE TABLE other.runs (LIKE public.runs INCLUDING ALL)`),
    );
    const url = `${server().url(name, 'superuser')}?options=-csearch_path%3Dother`;
    const { path, catalog } = await replicaAt(url)([]);
    assert.equal(catalog.schema, 'other');
    assert.notEqual(path, (await replicaOf(name)([])).path);
  });
});
