import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';
import { CancelledError, UserFacingError } from '../../../src/core/errors.ts';
import { createAutopackTables } from '../../support/postgres/loadDatabase.ts';
import { addEvents, addRuns, assertSameRows, estimation } from '../../support/postgres/replicaRows.ts';
import { suiteReplicas } from '../../support/postgres/suiteReplicas.ts';
import { ownPostgresServer } from '../../support/postgres/usePostgres.ts';
import { rejectsWith } from '../../support/rejectsWith.ts';

describe('the replica of a PostgreSQL database', function () {
  this.timeout(60_000);
  const { server, makeDatabase, replicaOf } = suiteReplicas();

  it('has what the server has after any changes, as two processes keep it', async () => {
    const name = await makeDatabase();
    const syncs = [replicaOf(name), replicaOf(name)] as const;
    await server().withClient(name, async (client) => {
      const changes = [
        addEvents(20),
        `UPDATE phases SET state = 'EXECUTING', tokens_used = 7 WHERE id % 7 = 3`,
        `DELETE FROM phases WHERE id = 11`,
        addRuns(30, 32),
        `DELETE FROM runs WHERE id IN ('run-3', 'run-30')`,
        // Values that must be unique change hands.
        `UPDATE phases SET phase_id = 'swap' WHERE run_id = 'run-5' AND phase_id = 'phase-1';
         UPDATE phases SET phase_id = 'phase-1' WHERE run_id = 'run-5' AND phase_id = 'phase-2';
         UPDATE phases SET phase_id = 'phase-2' WHERE run_id = 'run-5' AND phase_id = 'swap'`,
        `UPDATE runs SET id = 'renamed' WHERE id = 'run-20' AND NOT EXISTS (SELECT 1 FROM phases WHERE run_id = 'run-20')`,
        `BEGIN; DELETE FROM runs WHERE id = 'run-7'; ${addRuns(7, 7)
          .replace(/INSERT INTO tiers[^;]*;/, '')
          .replace("'run-' || i, i, p", "'run-' || i, 1, p")} COMMIT`,
        addEvents(3),
        `UPDATE runs SET failure_reason = E'a\\tb\\\\N\\n' WHERE id = 'run-9'`,
      ];
      for (const [index, change] of changes.entries()) {
        await client.query(change);
        // The server would tell of rows that go with others a second later.
        await client.query('SELECT pg_stat_force_next_flush()');
        const replica = await syncs[index % 2 === 0 ? 0 : 1](index === 0 ? 'all' : []);
        await assertSameRows(client, replica);
      }
    });
  });

  it('asks for the size of the database where it is shown, and not with every refresh', async () => {
    const sync = replicaOf(await makeDatabase());
    assert.equal((await sync([])).file.sizeBytes, 0);
    assert.ok((await sync([], undefined, true)).file.sizeBytes > 1 << 20);
  });

  it('sees rows that come late: ids that were given out long before their transaction ends', async () => {
    const name = await makeDatabase();
    const sync = replicaOf(name);
    await sync('all');
    await server().withClient(name, async (early) => {
      await early.query('BEGIN');
      await early.query(addEvents(5));
      await server().withClient(name, async (late) => {
        for (let i = 0; i < 3; i++) {
          await late.query(addEvents(5));
          await assertSameRows(late, await sync('all'));
        }
        await early.query('COMMIT');
        await assertSameRows(late, await sync('all'));
        const before = await sync('all');
        assert.equal((await sync([])).version.token, before.version.token);
      });
    });
  });

  it('sees changed and deleted events as soon as the server counts them', async () => {
    const name = await makeDatabase();
    const sync = replicaOf(name);
    await sync('all');
    for (const change of [
      `UPDATE ${estimation} SET actual_output_tokens = 1 WHERE event_id % 3 = 0`,
      `DELETE FROM ${estimation} WHERE event_id % 5 = 0`,
      `DELETE FROM llm_usage_events`,
      `TRUNCATE ${estimation}`,
    ]) {
      await server().query(name, change);
      const replica = await sync('all');
      await server().withClient(name, (client) => assertSameRows(client, replica));
    }
  });

  it('tells one state from another, and an unchanged one however much happens elsewhere', async () => {
    const name = await makeDatabase();
    const sync = replicaOf(name);
    const first = await sync([]);
    await server().query(
      'postgres',
      'CREATE TABLE IF NOT EXISTS elsewhere (x int); INSERT INTO elsewhere VALUES (1)',
    );
    assert.equal((await sync([])).version.token, first.version.token);
    await sync('all');
    assert.equal((await sync([])).version.token, first.version.token, 'loading events changes nothing');
    await server().query(name, addEvents(1));
    const second = await sync([]);
    assert.notEqual(second.version.token, first.version.token);
    await server().withClient(name, async (client) => {
      // As long as it is open, all that it could have written is looked at again.
      await client.query(`BEGIN; UPDATE runs SET tokens_used = 9 WHERE id = 'run-1'`);
      await server().query(name, `UPDATE runs SET tokens_used = 8 WHERE id = 'run-2'`);
      const third = await sync([]);
      assert.notEqual(third.version.token, second.version.token);
      await server().query('postgres', 'INSERT INTO elsewhere VALUES (2)');
      assert.equal((await sync([])).version.token, third.version.token);
      await client.query('ROLLBACK');
    });
  });

  it('is made anew for another schema, and after a restart of the server', async () => {
    const own = server();
    const name = await makeDatabase(own);
    const sync = replicaOf(name);
    const first = await sync('all');
    await own.query(name, 'ALTER TABLE runs ADD COLUMN extra text; CREATE VIEW tall AS SELECT 1 AS x');
    const second = await sync([]);
    assert.notEqual(first.version.token, second.version.token);
    const db = new DatabaseSync(second.path, { readOnly: true });
    assert.equal(db.prepare(`SELECT 1 AS n FROM pragma_table_info('runs') WHERE name = 'extra'`).get()?.n, 1);
    db.close();
  });

  it('goes on over a connection that was cut, and says where the server cannot be reached', async () => {
    const name = await makeDatabase();
    const sync = replicaOf(name);
    await sync([]);
    await server().query(name, addEvents(2));
    assert.ok((await server().cutConnections(name)) > 0);
    const replica = await sync('all');
    await server().withClient(name, (client) => assertSameRows(client, replica));
  });

  it('ends at once when nobody wants it any more', async () => {
    const name = await makeDatabase();
    const sync = replicaOf(name);
    await sync([]);
    await server().withClient(name, async (client) => {
      await client.query('BEGIN; LOCK TABLE runs');
      const abort = new AbortController();
      const begun = performance.now();
      await server().query('postgres', 'SELECT pg_current_xact_id()');
      setTimeout(() => abort.abort(), 100);
      await assert.rejects(sync([], abort.signal), (error) => {
        assert.ok(error instanceof CancelledError, String(error));
        return true;
      });
      assert.ok(performance.now() - begun < 2000);
      await client.query('ROLLBACK');
    });
    await sync([]);
  });

  it('is read by who may only read, and says which right is lacking', async () => {
    const name = await makeDatabase();
    const replica = await replicaOf(name, server(), 'reader')('all');
    assert.equal(replica.file.server?.mayWrite, false);
    assert.match(replica.file.fileId, /^\d+:\d+$/);
    await server().withClient(name, (client) => assertSameRows(client, replica));
    assert.match(
      (await rejectsWith('no-permission', replicaOf(name, server(), 'owner')('all'))).message,
      /may not read phases and runs/,
    );
    assert.equal((await replicaOf(name)([])).file.server?.mayWrite, true);
  });

  it('shows triggers and views to the guard, which do nothing here', async () => {
    const name = await server().createDatabase(`replica-${randomUUID().slice(0, 8)}`);
    await server().withClient(name, async (client) => {
      await createAutopackTables(client);
      await client.query(`${addRuns(1, 1)}
        CREATE FUNCTION meddle() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
        CREATE TRIGGER meddling BEFORE INSERT OR UPDATE ON phases FOR EACH ROW EXECUTE FUNCTION meddle();
        DROP TABLE llm_usage_events; CREATE VIEW llm_usage_events AS SELECT 1 AS id`);
    });
    const { path } = await replicaOf(name)('all');
    const db = new DatabaseSync(path, { readOnly: true });
    const found = db
      .prepare(`SELECT type, name FROM sqlite_master WHERE type IN ('trigger', 'view') ORDER BY name`)
      .all();
    db.close();
    assert.deepEqual(
      found.map(({ type, name: one }) => `${String(type)} ${String(one)}`),
      ['view llm_usage_events', 'trigger meddling', 'trigger meddling (2)'],
    );
  });

  describe('a server of its own', () => {
    const own = ownPostgresServer();

    it('is read again after a restart, and said to be away while it is', async () => {
      const name = await makeDatabase(own());
      const sync = replicaOf(name, own());
      const first = await sync('all');
      await own().halt('immediate');
      await assert.rejects(
        sync([]),
        (error) => error instanceof UserFacingError && error.code === 'unreachable',
      );
      await own().control('start');
      await own().query(name, addEvents(4));
      const second = await sync('all');
      assert.notEqual(second.version.token, first.version.token);
      assert.equal(second.file.fileId, first.file.fileId);
      await own().withClient(name, (client) => assertSameRows(client, second));
    });
  });
});
