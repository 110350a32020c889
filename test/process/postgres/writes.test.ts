import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { claimPhaseOperation } from '../../../src/core/builders/claimPhase.ts';
import type { ErrorCode, UserFacingError } from '../../../src/core/errors.ts';
import { guardedWrite } from '../../../src/core/identity/guardedWrite.ts';
import { setLevelOperation } from '../../../src/core/identity/setLevel.ts';
import { deleteCanariesOperation, insertCanaryOperation } from '../../../src/core/maintenance/canaryRun.ts';
import { deleteRunOperation } from '../../../src/core/maintenance/deleteRun.ts';
import { failPhaseOperation } from '../../../src/core/maintenance/failPhase.ts';
import { requeueOperation } from '../../../src/core/maintenance/requeue.ts';
import { undoOperation } from '../../../src/core/maintenance/undoChange.ts';
import { initDatabase, seedDatabase, seedOperation } from '../../../src/core/seed/seedDatabase.ts';
import { telemetryCollectionV4 } from '../../../src/core/seed/telemetryCollectionV4.ts';
import { serverPath, serverWriter } from '../../support/postgres/serverWriter.ts';
import { postgresServer } from '../../support/postgres/usePostgres.ts';
import { rejectsWith } from '../../support/rejectsWith.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';

import { bothEngines } from '../../support/postgres/bothEngines.ts';

const name = 'writes';
const now = Date.UTC(2026, 0, 5, 12);

function refused(promise: Promise<unknown>, code: ErrorCode): Promise<UserFacingError> {
  return rejectsWith(code, promise);
}

describe('writing to PostgreSQL', function () {
  this.timeout(60_000);
  const server = postgresServer();
  const folder = temporaryFolder();

  const { both, ask, rowsOf, failedPhases, lastEntry } = bothEngines(server, folder, 'writes');

  it('re-queues phases, and undoes that to the last character', async () => {
    const { server: own, writer } = await both();
    const before = await rowsOf();
    const phases = await failedPhases();
    const occasion = { keepsRows: true };
    assert.equal(await guardedWrite(writer, { ...own, occasion }, requeueOperation, { phases, now }), 2);
    const [first] = await ask('SELECT state, completed_at, updated_at::text FROM phases WHERE id = 1');
    assert.deepEqual(first, { state: 'QUEUED', completed_at: null, updated_at: '2026-01-05 12:00:00' });
    const { serial, mark, kept, rows } = await lastEntry();
    assert.deepEqual([rows, kept?.rows], [{ phases: 2 }, 2]);
    const undo = { serial, mark, rows: 2 };
    await guardedWrite(writer, { ...own, occasion }, undoOperation, undo);
    assert.deepEqual(await rowsOf(), before);
    assert.deepEqual((await lastEntry()).rows, { phases: 2 });
  });

  it('refuses to undo what was changed since', async () => {
    const { server: own, writer } = await both();
    const phases = await failedPhases();
    const occasion = { keepsRows: true };
    await guardedWrite(writer, { ...own, occasion }, requeueOperation, { phases, now });
    await ask(`UPDATE phases SET state = 'EXECUTING' WHERE id = 1`);
    const before = await rowsOf();
    const { serial, mark } = await lastEntry();
    const error = await refused(
      guardedWrite(writer, { ...own, occasion }, undoOperation, { serial, mark, rows: 2 }),
      'changed',
    );
    assert.match(error.message, /rows of phases were changed since/);
    assert.deepEqual(await rowsOf(), before);
  });

  it('refuses to undo another change that has the same serial, as after a restored dump', async () => {
    const { server: own, writer } = await both();
    const phases = await failedPhases();
    const occasion = { keepsRows: true };
    await guardedWrite(writer, { ...own, occasion }, requeueOperation, { phases, now });
    const before = await rowsOf();
    const { serial, mark } = await lastEntry();
    await ask('UPDATE autopack_hygiene.journal SET mark = reverse(mark) WHERE serial = $1', [serial]);
    await refused(
      guardedWrite(writer, { ...own, occasion }, undoOperation, { serial, mark, rows: 2 }),
      'changed',
    );
    assert.deepEqual(await rowsOf(), before);
  });

  it('remembers as many changes as a file does', async () => {
    const { server: own, writer } = await both();
    await ask(
      `INSERT INTO autopack_hygiene.journal SELECT n, md5(n::text), made_at, operation, database_id, details
       FROM autopack_hygiene.journal, generate_series(10, 700) n`,
    );
    await guardedWrite(writer, own, insertCanaryOperation, { runId: 'autopack-hygiene-canary-1', now });
    const [kept] = await ask(
      'SELECT count(*)::int AS n, min(serial)::int AS first, max(serial)::int AS last FROM autopack_hygiene.journal',
    );
    assert.deepEqual(kept, { n: 500, first: 202, last: 701 });
  });

  it('leaves phases alone that somebody changed since they were looked at', async () => {
    const { server: own, writer } = await both();
    const phases = await failedPhases();
    await ask(`UPDATE phases SET tokens_used = 1 WHERE id = 1`);
    assert.equal(await guardedWrite(writer, own, requeueOperation, { phases, now }), 1);
  });

  it('claims, fails and seeds as it does in a file, with ids of the sequences', async () => {
    const { file, server: own, writer, compare } = await both();
    const key = { runId: 'build-1', phaseId: 'parser' };
    for (const place of [file, own]) {
      assert.equal((await guardedWrite(writer, place, claimPhaseOperation, { key, now }))?.attempt, 3);
      const failing = { key, reason: "It's \\ over\n\tnow", from: 'EXECUTING', now } as const;
      assert.equal(await guardedWrite(writer, place, failPhaseOperation, failing), true);
    }
    await compare();
    const seeded = await both('seed');
    await ask(
      `SELECT setval(pg_get_serial_sequence('tiers', 'id'), 400), setval(pg_get_serial_sequence('phases', 'id'), 5000)`,
    );
    for (const place of [seeded.file, seeded.server]) {
      const seeding = { plan: telemetryCollectionV4, now, anyRole: false };
      assert.equal((await guardedWrite(writer, place, seedOperation, seeding)).phases, 10);
    }
    await seeded.compare();
    const [ids] = await ask(
      'SELECT min(t.id) AS tier, min(p.id) AS phase, count(*)::int AS phases FROM phases p JOIN tiers t ON t.id = p.tier_id',
    );
    assert.deepEqual(ids, { tier: 401, phase: 5001, phases: 10 });
  });

  it('deletes a run with what belongs to it, and puts all of it back', async () => {
    const { server: own, writer } = await both();
    await ask(
      `CREATE TABLE notes (id serial PRIMARY KEY, run_id text, price numeric, made timestamptz, data jsonb, raw bytea)`,
    );
    await ask(`ALTER TABLE notes OWNER TO autopack`);
    await ask(`INSERT INTO notes (run_id, price, made, data, raw) VALUES
      ('build-1', 1.2300000000000000000001, '2026-01-01 10:00:00.123456+02', '{"b": 1, "a": [1.50]}', '\\x00ff'), ('other', 1, now(), '{}', '')`);
    const before = [await rowsOf(), await ask('SELECT t::text FROM notes t ORDER BY 1')];
    const occasion = { keepsRows: true };
    const run = {
      runId: 'build-1',
      goes: [
        { table: 'runs', rows: 1 },
        { table: 'tiers', rows: 2 },
        { table: 'phases', rows: 3 },
        { table: 'notes', rows: 1 },
      ],
      releases: [],
    };
    await refused(
      guardedWrite(writer, own, deleteRunOperation, { run: { ...run, goes: run.goes.slice(0, 3) } }),
      'changed',
    );
    await guardedWrite(writer, { ...own, occasion }, deleteRunOperation, { run });
    const [left] = await ask(
      `SELECT (SELECT count(*)::int FROM runs) AS runs, (SELECT count(*)::int FROM phases) AS phases, (SELECT count(*)::int FROM notes) AS notes`,
    );
    assert.deepEqual(left, { runs: 2, phases: 3, notes: 1 });
    const { serial, mark, kept } = await lastEntry();
    assert.equal(kept?.rows, 7);
    await guardedWrite(writer, { ...own, occasion }, undoOperation, { serial, mark, rows: 7 });
    assert.deepEqual([await rowsOf(), await ask('SELECT t::text FROM notes t ORDER BY 1')], before);
  });

  it('adds and takes away a canary, and sets the protection', async () => {
    const { server: own, writer } = await both();
    const runId = 'autopack-hygiene-canary-1';
    const before = await rowsOf();
    await guardedWrite(writer, own, insertCanaryOperation, { runId, now });
    assert.notDeepEqual(await rowsOf(), before);
    assert.equal(await guardedWrite(writer, own, deleteCanariesOperation, {}), 1);
    assert.deepEqual(await rowsOf(), before);
    await guardedWrite(writer, own, setLevelOperation, { from: 'confirm', to: 'read-only' });
    assert.deepEqual(await ask('SELECT level FROM autopack_hygiene.identity'), [{ level: 'read-only' }]);
    await refused(guardedWrite(writer, own, insertCanaryOperation, { runId, now }), 'protected');
  });

  it('makes a database in an empty one, and never over tables that are there', async () => {
    await server().createDatabase(name);
    const writer = serverWriter(folder());
    const path = serverPath(server(), name);
    const identity = { id: randomUUID(), role: 'seed', createdAt: now } as const;
    const made = await initDatabase(writer, path, identity);
    assert.equal(made.tables.length, 7);
    assert.deepEqual(await ask('SELECT id, role FROM autopack_hygiene.identity'), [
      { id: identity.id, role: 'seed' },
    ]);
    assert.equal((await lastEntry()).operation, 'init');
    await seedDatabase(writer, path, { now });
    await refused(initDatabase(writer, path, identity), 'exists');
  });
});
