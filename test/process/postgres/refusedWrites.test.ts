import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { ErrorCode, UserFacingError } from '../../../src/core/errors.ts';
import type { WriteExpectation } from '../../../src/core/identity/databaseFingerprint.ts';
import { guardedWrite } from '../../../src/core/identity/guardedWrite.ts';
import { failPhaseOperation, requeuePhaseOperation } from '../../../src/core/maintenance/failPhase.ts';
import { insertCanaryOperation } from '../../../src/core/maintenance/canaryRun.ts';
import { parsePostgresUrl } from '../../../src/core/db/postgresUrl.ts';
import { journalAuthor } from '../../../src/node/writer/journalAuthor.ts';
import { PostgresWriter } from '../../../src/node/postgres/postgresWriter.ts';
import { beginSharedDrain, joinSharedDrain } from '../../support/postgres/sharedBacklog.ts';
import { serverPath, serverWriter } from '../../support/postgres/serverWriter.ts';
import { postgresServer } from '../../support/postgres/usePostgres.ts';
import { rejectsWith } from '../../support/rejectsWith.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';

import { bothEngines } from '../../support/postgres/bothEngines.ts';

const name = 'refused writes';
const now = Date.UTC(2026, 0, 5, 12);

function refused(promise: Promise<unknown>, code: ErrorCode): Promise<UserFacingError> {
  return rejectsWith(code, promise);
}

describe('writes that PostgreSQL refuses or interrupts', function () {
  this.timeout(60_000);
  const server = postgresServer();
  const folder = temporaryFolder();

  const { both, ask, rowsOf, lastEntry } = bothEngines(server, folder, 'refused writes');

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

  for (const when of ['BEFORE INSERT ON runs', 'AFTER INSERT ON runs DEFERRABLE INITIALLY DEFERRED']) {
    it(`lets no trigger that was allowed change what the database is (${when})`, async () => {
      const { server: own, writer } = await both();
      const kind = when.startsWith('AFTER') ? 'CONSTRAINT TRIGGER' : 'TRIGGER';
      await ask(
        `CREATE FUNCTION opens() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
           UPDATE autopack_hygiene.identity SET level = 'open'; RETURN NEW; END $$`,
      );
      await ask(`CREATE ${kind} planted ${when} FOR EACH ROW EXECUTE FUNCTION opens()`);
      const before = await rowsOf();
      const expected = { ...own.expected, allowTriggers: true };
      await refused(
        guardedWrite(writer, { path: own.path, expected }, insertCanaryOperation, canary),
        'unexpected-changes',
      );
      assert.deepEqual(await rowsOf(), before);
    });
  }

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

  it('locks nobody out for long where a worker stands still while it writes', async () => {
    const { server: own, writer } = await both();
    const drain = { id: 'd', leaseMs: 30_000 };
    await beginSharedDrain(server().url(name), drain);
    const worker = await joinSharedDrain(server().url(name), drain);
    const key = { runId: 'build-1', phaseId: 'parser' };
    const lease = await worker.claim([key]);
    assert.ok(lease !== null);
    const { location, password } = parsePostgresUrl(server().url(name), { user: '' });
    let isAt = (): void => undefined;
    const stands = new Promise<void>((resolve) => (isAt = resolve));
    const still = new PostgresWriter({
      ...{ password, lockTimeoutMs: 10_000 },
      origin: () => ({ author: journalAuthor('drain'), folder: null, mark: 'still', at: now }),
      beforeCommit: async () => {
        isAt();
        await wait(12_000);
      },
    });
    const expected = { ...own.expected, identity: own.expected, occasion: { lease } };
    const failing = { key, reason: 'stale', from: 'FAILED', now } as const;
    const written = refused(
      still.perform(location.path, requeuePhaseOperation, failing, undefined, expected),
      'unreachable',
    );
    await Promise.race([stands, written]);
    await guardedWrite(writer, own, insertCanaryOperation, canary);
    await written;
    await worker.close();
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

  it('writes nothing where the server goes away before the commit, and says so', async () => {
    const { server: own } = await both();
    const before = await rowsOf();
    const other = await server().connect(name);
    try {
      await other.query('BEGIN; LOCK TABLE runs IN ACCESS EXCLUSIVE MODE');
      const writer = serverWriter(folder());
      const write = refused(guardedWrite(writer, own, insertCanaryOperation, canary), 'unreachable');
      for (let waiting = 0; waiting === 0;) {
        const [row] = await ask(`SELECT count(*)::int AS n FROM pg_locks WHERE NOT granted`);
        waiting = Number(row?.n);
      }
      await server().cutConnections(name);
      await write;
    } finally {
      await other.end().catch(() => undefined);
    }
    assert.deepEqual(await rowsOf(), before);
  });

  it('does not take rows for its own that another program changes between the look and the change', async () => {
    const { server: own } = await both();
    const other = await server().connect(name);
    try {
      await other.query(`BEGIN; UPDATE phases SET state = 'SKIPPED' WHERE id = 1`);
      const key = { runId: 'build-1', phaseId: 'parser' };
      const params = { key, reason: 'stale', from: 'FAILED', now } as const;
      const write = guardedWrite(serverWriter(folder()), own, failPhaseOperation, params);
      for (let waiting = 0; waiting === 0;) {
        const [row] = await ask(`SELECT count(*)::int AS n FROM pg_locks WHERE NOT granted`);
        waiting = Number(row?.n);
      }
      await other.query('COMMIT');
      // It is tried again on what is there now, where the phase is in another state.
      assert.equal(await write, false);
    } finally {
      await other.end();
    }
    assert.deepEqual(await ask('SELECT state FROM phases WHERE id = 1'), [{ state: 'SKIPPED' }]);
  });
});
