import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { claimPhaseOperation } from '../../../src/core/builders/claimPhase.ts';
import type { DatabaseWriterPort } from '../../../src/core/db/databasePorts.ts';
import type { ErrorCode, UserFacingError } from '../../../src/core/errors.ts';
import type { WriteExpectation } from '../../../src/core/identity/databaseFingerprint.ts';
import { guardedWrite } from '../../../src/core/identity/guardedWrite.ts';
import type { JournalEntry } from '../../../src/core/identity/journalEntry.ts';
import { setLevelOperation } from '../../../src/core/identity/setLevel.ts';
import { deleteCanariesOperation, insertCanaryOperation } from '../../../src/core/maintenance/canaryRun.ts';
import { deleteRunOperation } from '../../../src/core/maintenance/deleteRun.ts';
import { failPhaseOperation } from '../../../src/core/maintenance/failPhase.ts';
import { requeueOperation, type RequeuedPhase } from '../../../src/core/maintenance/requeue.ts';
import { undoOperation } from '../../../src/core/maintenance/undoChange.ts';
import { revisedColumns, revisionOf } from '../../../src/core/queries/phases.ts';
import { initDatabase, seedDatabase, seedOperation } from '../../../src/core/seed/seedDatabase.ts';
import { telemetryCollectionV4 } from '../../../src/core/seed/telemetryCollectionV4.ts';
import { adopted } from '../../support/adopted.ts';
import { loadIntoPostgres } from '../../support/postgres/loadDatabase.ts';
import { adoptedOnServer, serverPath, serverWriter } from '../../support/postgres/serverWriter.ts';
import { postgresServer } from '../../support/postgres/usePostgres.ts';
import { rejectsWith } from '../../support/rejectsWith.ts';
import { createBacklog } from '../../support/smallBacklog.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';

const now = Date.UTC(2026, 0, 5, 12);

/** Every value as both engines have it: times without a fraction of zero, JSON in one spelling, booleans as numbers. */
function plain(rows: readonly object[]): unknown {
  const value = (each: unknown): unknown => {
    if (typeof each === 'boolean') return Number(each);
    if (typeof each !== 'string') return each;
    if (each.startsWith('{')) return JSON.stringify(JSON.parse(each));
    return each.replace(/^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:\.0+)?$/, '$1T$2');
  };
  return rows.map((row) =>
    Object.fromEntries(Object.entries(row).map(([name, each]) => [name, value(each)])),
  );
}

function refused(promise: Promise<unknown>, code: ErrorCode): Promise<UserFacingError> {
  return rejectsWith(code, promise);
}

const tables = ['runs', 'tiers', 'phases'] as const;

describe('writing to PostgreSQL', function () {
  this.timeout(60_000);
  const server = postgresServer();
  const folder = temporaryFolder();

  interface Place {
    readonly path: string;
    readonly expected: WriteExpectation;
  }

  interface Both {
    readonly file: Place;
    readonly server: Place;
    readonly writer: DatabaseWriterPort;
    /** Throws unless both have the same rows. */
    readonly compare: () => Promise<void>;
  }

  const name = 'writes';
  const ask = (sql: string, params: readonly unknown[] = []) => server().query(name, sql, params);

  async function both(role: 'seed' | 'legacy' = 'legacy'): Promise<Both> {
    const path = join(folder(), `${name}.db`);
    rmSync(path, { force: true });
    createBacklog(path);
    await loadIntoPostgres(server(), name, path);
    const writer = serverWriter(folder());
    if (role === 'seed') {
      const file = new DatabaseSync(path);
      file.exec('DELETE FROM phases; DELETE FROM tiers; DELETE FROM runs');
      file.close();
      await ask('DELETE FROM phases; DELETE FROM tiers; DELETE FROM runs');
    }
    const onServer = await adoptedOnServer(server(), name, writer, role);
    return {
      file: { path, expected: await adopted(path, role) },
      server: { path: onServer.path, expected: onServer },
      writer,
      compare: async () => {
        const file = new DatabaseSync(path, { readOnly: true });
        try {
          for (const table of tables) {
            // Ids come from a sequence there.
            const order =
              table === 'runs' ? 'id' : table === 'tiers' ? 'run_id, tier_id' : 'run_id, phase_id';
            const own = file.prepare(`SELECT * FROM ${table} ORDER BY ${order}`).all();
            const rows = await ask(
              `SELECT row_to_json(t) AS row FROM ${table} t ORDER BY ${order.replaceAll(/(\w+)/g, '$1 COLLATE "C"')}`,
            );
            const theirs = rows.map(({ row }) => {
              const found = row as Record<string, unknown>;
              return 'scope' in found && typeof found.scope === 'object' && found.scope !== null
                ? { ...found, scope: JSON.stringify(found.scope) }
                : found;
            });
            const withoutIds = (list: readonly object[]): object[] =>
              list.map((row) => ({
                ...row,
                ...(table === 'runs' ? {} : { id: 0 }),
                ...(role === 'seed' ? { tier_id: 0 } : {}),
              }));
            assert.deepEqual(plain(withoutIds(theirs)), plain(withoutIds(own)), table);
          }
        } finally {
          file.close();
        }
      },
    };
  }

  async function rowsOf(): Promise<unknown> {
    const found: unknown[] = [];
    for (const table of tables) found.push(await ask(`SELECT t::text AS row FROM ${table} t ORDER BY 1`));
    return found;
  }

  async function failedPhases(): Promise<RequeuedPhase[]> {
    const columns = revisedColumns.map((column) => `${column}::text AS ${column}`).join(', ');
    const rows = await ask(
      `SELECT id, run_id, phase_id, ${columns} FROM phases WHERE state = 'FAILED' ORDER BY id`,
    );
    return rows.map((row) => {
      const stored = Object.fromEntries(
        Object.entries(row).map(([column, value]) => [
          column,
          typeof value === 'string' && /^\d{4}-.*:\d\d$/.test(value)
            ? `${value}.000000`
            : ['tokens_used', 'builder_attempts'].includes(column) && value !== null
              ? Number(value)
              : value,
        ]),
      ) as Parameters<typeof revisionOf>[0];
      const key = { runId: String(row.run_id), phaseId: String(row.phase_id) };
      return { ...key, rowId: Number(row.id), state: 'FAILED', revision: revisionOf(stored) };
    });
  }

  const lastEntry = async () => {
    const [note] = await ask(
      'SELECT serial::int, operation, mark, details::json AS details FROM autopack_hygiene.journal ORDER BY serial DESC LIMIT 1',
    );
    const { details, ...entry } = note ?? {};
    return { ...entry, ...(details as object) } as unknown as JournalEntry;
  };

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
    await refused(
      guardedWrite(writer, { ...own, occasion }, undoOperation, { serial, mark, rows: 2 }),
      'changed',
    );
    assert.deepEqual(await rowsOf(), before);
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

  const canary = { runId: 'autopack-hygiene-canary-2', now };

  it('refuses another id, another database, foreign triggers, and users without rights', async () => {
    const { server: own, writer } = await both();
    const before = await rowsOf();
    const { expected, path } = own;
    const write = (over: Partial<WriteExpectation>, at = path) =>
      guardedWrite(writer, { path: at, expected: { ...expected, ...over } }, insertCanaryOperation, canary);
    await refused(write({ id: randomUUID() }), 'other-database');
    await refused(write({ fileId: expected.fileId.replace(/.$/, 'x') }), 'replaced');
    await refused(write({}, serverPath(server(), name, 'reader')), 'read-only');
    serverPath(server(), name);
    await ask(
      `CREATE FUNCTION meddle() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.state = 'GATE'; RETURN NEW; END $$`,
    );
    await ask(`CREATE TRIGGER planted BEFORE INSERT ON runs FOR EACH ROW EXECUTE FUNCTION meddle()`);
    await refused(write({}), 'triggers');
    assert.deepEqual(await rowsOf(), before);
    await write({ allowTriggers: true });
    assert.deepEqual(await ask(`SELECT state FROM runs WHERE id = $1`, [canary.runId]), [{ state: 'GATE' }]);
    await ask(
      `DROP TRIGGER planted ON runs; ALTER TABLE runs ENABLE ROW LEVEL SECURITY; ALTER TABLE runs FORCE ROW LEVEL SECURITY`,
    );
    await refused(
      guardedWrite(writer, own, insertCanaryOperation, { ...canary, runId: 'autopack-hygiene-canary-3' }),
      'unsupported',
    );
  });

  it('writes nothing where it is ended before the commit, and waits for others within bounds', async () => {
    const { server: own, writer } = await both();
    const before = await rowsOf();
    const other = await server().connect(name);
    try {
      await other.query('BEGIN; LOCK TABLE runs IN ACCESS EXCLUSIVE MODE');
      const ending = new AbortController();
      const write = guardedWrite(writer, own, insertCanaryOperation, canary, ending.signal);
      setTimeout(() => ending.abort(), 1500);
      await refused(write, 'cancelled');
      const hasty = serverWriter(folder(), { lockTimeoutMs: 700 });
      await refused(guardedWrite(hasty, own, insertCanaryOperation, canary), 'locked');
    } finally {
      await other.end();
    }
    assert.deepEqual(await rowsOf(), before);
    await guardedWrite(writer, own, insertCanaryOperation, canary);
  });

  it('makes all of many changes at once, each with its own serial', async () => {
    const { server: own, writer } = await both();
    const [{ serial: from }] = [await lastEntry()];
    await Promise.all(
      Array.from({ length: 6 }, (_, index) =>
        guardedWrite(writer, own, insertCanaryOperation, { runId: `autopack-hygiene-canary-m${index}`, now }),
      ),
    );
    const [made] = await ask(`SELECT count(*)::int AS runs FROM runs WHERE id LIKE '%canary-m%'`);
    assert.deepEqual(made, { runs: 6 });
    assert.equal((await lastEntry()).serial, from + 6);
  });
});
