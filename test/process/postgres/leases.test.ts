import assert from 'node:assert/strict';
import { setTimeout as wait } from 'node:timers/promises';
import { parsePostgresUrl } from '../../../src/core/db/postgresUrl.ts';
import { resolveDrainOptions } from '../../../src/core/drain/drainOptions.ts';
import type { OpenDrain } from '../../../src/core/drain/sharedDrain.ts';
import type { PhaseKey } from '../../../src/core/model/phase.ts';
import { NodeSharing } from '../../../src/node/drain/sharing.ts';
import type { PostgresConnection } from '../../../src/node/postgres/connection.ts';
import { requireLease } from '../../../src/node/postgres/leases.ts';
import { rememberPassword } from '../../../src/node/postgres/passwords.ts';
import type { PostgresSharedDrain } from '../../../src/node/postgres/postgresSharedDrain.ts';
import { rejectsWith } from '../../support/rejectsWith.ts';
import {
  backlogOn,
  beginSharedDrain,
  joinSharedDrain,
  retryingConnection,
  successOf,
  type TestDrain,
} from '../../support/postgres/sharedBacklog.ts';
import { ownPostgresServer } from '../../support/postgres/usePostgres.ts';

const keysOf = (runs: number, phases: number): PhaseKey[] =>
  Array.from({ length: phases }, (_p, phase) =>
    Array.from({ length: runs }, (_r, run) => ({ runId: `run-${run + 1}`, phaseId: `phase-${phase + 1}` })),
  ).flat();

describe('leases of phases', function () {
  this.timeout(30_000);
  const server = ownPostgresServer();
  const joined: PostgresSharedDrain[] = [];
  let url = '';

  async function backlog(name: string, drain: TestDrain): Promise<void> {
    url = await backlogOn(server(), name, { runs: 20, phases: 5 });
    await beginSharedDrain(url, drain);
  }
  async function join(drain: TestDrain): Promise<PostgresSharedDrain> {
    const worker = await joinSharedDrain(url, drain);
    joined.push(worker);
    return worker;
  }
  afterEach(async () => {
    await Promise.all(joined.splice(0).map((each) => each.close()));
  });

  it('are disjoint where eight workers claim at once, in the order that is wanted', async () => {
    const drain = { id: 'd', leaseMs: 30_000, options: { batchSize: 1000 } };
    await backlog('leases disjoint', drain);
    const workers = await Promise.all(Array.from({ length: 8 }, () => join(drain)));
    const wanted = keysOf(20, 5);
    const claimed: string[] = [];
    await Promise.all(
      workers.map(async (worker) => {
        for (;;) {
          const { held, results } = await worker.look();
          const gone = new Set([...held, ...results].map(({ runId, phaseId }) => `${runId} ${phaseId}`));
          for (const each of claimed) gone.add(each);
          const left = wanted.filter(({ runId, phaseId }) => !gone.has(`${runId} ${phaseId}`));
          if (left.length === 0) return;
          const lease = await worker.claim(left);
          if (lease === null) continue;
          claimed.push(`${lease.runId} ${lease.phaseId}`);
          assert.equal(await worker.settle(lease, [successOf(lease)]), true);
        }
      }),
    );
    assert.equal(claimed.length, 100);
    assert.equal(new Set(claimed).size, 100);
    const samples = claimed.slice(0, 12);
    assert.equal(new Set(samples.map((each) => each.split(' ')[0])).size, 12);
    const { results } = await (await join(drain)).look();
    assert.equal(results.length, 100);
  });

  it('of one phase are given to one of many who want just that', async () => {
    const drain = { id: 'd', leaseMs: 30_000, options: { batchSize: 1000 } };
    await backlog('leases single', drain);
    const workers = await Promise.all(Array.from({ length: 8 }, () => join(drain)));
    const [only] = keysOf(1, 1);
    const leases = await Promise.all(workers.map((each) => each.claim(only === undefined ? [] : [only])));
    assert.equal(leases.filter((each) => each !== null).length, 1);
  });

  it('are taken over with a greater number once they have run out, and the first holder settles nothing', async () => {
    const drain = { id: 'd', leaseMs: 600, options: { batchSize: 10 } };
    await backlog('leases expired', drain);
    const [dead, heir] = [await join(drain), await join(drain)];
    const lease = await dead.claim(keysOf(1, 1));
    assert.ok(lease !== null);
    assert.equal(await heir.takeOver(), null);
    // It beats no more.
    await dead.close();
    await wait(700);
    const taken = await heir.takeOver();
    assert.ok(taken !== null);
    assert.ok(Number(taken.lease.fence) > Number(lease.fence));
    assert.match(taken.from, new RegExp(`process ${process.pid} on `));
    const again = await join(drain);
    assert.equal(await again.settle(lease, [successOf(lease)]), false);
    const connection = retryingConnection(url);
    await rejectsWith(
      'lease-lost',
      connection.transaction((each) => requireLease(each, lease)),
    );
    await connection.transaction((each) => requireLease(each, taken.lease));
    await connection.close();
    assert.equal(await heir.settle(taken.lease, [successOf(lease)]), true);
    assert.equal((await again.look()).results.length, 1);
  });

  it('are renewed while their worker lives, and lost where another has them', async () => {
    const drain = { id: 'd', leaseMs: 450, options: { batchSize: 10 } };
    await backlog('leases renewed', drain);
    const [first, second] = [await join(drain), await join(drain)];
    const lease = await first.claim(keysOf(1, 1));
    assert.ok(lease !== null);
    await wait(1200);
    assert.equal(await second.takeOver(), null);
    assert.equal(lease.lost.aborted, false);
    await server().query('leases renewed', 'UPDATE autopack_hygiene.leases SET fence = fence + 1000');
    await wait(400);
    assert.equal(lease.lost.aborted, true);
  });

  it('keep what they guard from being taken over while a transaction holds them', async () => {
    const drain = { id: 'd', leaseMs: 600, options: { batchSize: 10 } };
    await backlog('leases held', drain);
    const [first, second] = [await join(drain), await join(drain)];
    const lease = await first.claim(keysOf(1, 1));
    assert.ok(lease !== null);
    const connection = retryingConnection(url);
    await connection.transaction(async (each: PostgresConnection) => {
      await requireLease(each, lease);
      await wait(1500);
      assert.equal(await second.takeOver(), null);
    });
    await connection.close();
  });

  it('are not given for a phase that was settled since its choice was made', async () => {
    const drain = { id: 'd', leaseMs: 30_000, options: { batchSize: 10 } };
    await backlog('leases settled', drain);
    const [first, second] = [await join(drain), await join(drain)];
    await second.look();
    const lease = await first.claim(keysOf(1, 1));
    assert.ok(lease !== null);
    await first.settle(lease, [successOf(lease, { success: false, finalState: 'FAILED', error: 'no' })]);
    assert.equal(await second.claim(keysOf(1, 1)), null);
    await second.look();
    assert.notEqual(await second.claim(keysOf(1, 1)), null);
  });

  it('are not given beyond the batch, to however many ask at once', async () => {
    const drain = { id: 'd', leaseMs: 30_000, options: { batchSize: 5 } };
    await backlog('leases batch', drain);
    const workers = await Promise.all(Array.from({ length: 8 }, () => join(drain)));
    await Promise.all(workers.map((each) => each.look()));
    const leases = await Promise.all(workers.map((each) => each.claim(keysOf(20, 5))));
    assert.equal(leases.filter((each) => each !== null).length, 5);
  });

  it('are not given once the drain is paused or has stopped', async () => {
    const drain = { id: 'd', leaseMs: 30_000, options: { batchSize: 10 } };
    await backlog('leases stopped', drain);
    const [first, second] = [await join(drain), await join(drain)];
    await first.pause(true);
    assert.equal(await second.claim(keysOf(5, 1)), null);
    assert.equal((await second.look()).isPaused, true);
    await first.pause(false);
    assert.notEqual(await second.claim(keysOf(5, 1)), null);
    await first.stop({ kind: 'cancelled', message: 'Enough.', complete: false, nextStep: null });
    await first.stop({ kind: 'failed', message: 'Later.', complete: false, nextStep: null });
    assert.equal(await second.claim(keysOf(5, 1)), null);
    assert.equal((await second.look()).stop?.message, 'Enough.');
    assert.equal(second.cancelled.aborted, true);
  });

  it('outlive a restart of the server and cut connections', async () => {
    const drain = { id: 'd', leaseMs: 3000, options: { batchSize: 10 } };
    await backlog('leases restart', drain);
    const worker = await join(drain);
    const lease = await worker.claim(keysOf(1, 1));
    assert.ok(lease !== null);
    await server().cutConnections('leases restart');
    await worker.renew();
    await Promise.all([server().restart('immediate'), wait(300).then(() => worker.look())]);
    assert.equal(lease.lost.aborted, false);
    assert.equal(await worker.settle(lease, [successOf(lease)]), true);
  });

  it('end in "cannot be reached" where the server stays away', async () => {
    const drain = { id: 'd', leaseMs: 3000, options: { batchSize: 10 } };
    await backlog('leases gone', drain);
    const worker = await joinSharedDrain(url, drain, { boundMs: 700, workMs: 500 });
    await server().halt();
    try {
      await rejectsWith('unreachable', worker.look());
    } finally {
      await server().control('start');
    }
    assert.equal((await worker.look()).results.length, 0);
    await worker.close();
  });

  it('run out once their worker has left, though its process waits for the others', async () => {
    const drain = { id: 'd', leaseMs: 450, options: { batchSize: 10 } };
    await backlog('leases left', drain);
    const [first, second] = [await join(drain), await join(drain)];
    assert.notEqual(await first.claim(keysOf(1, 1)), null);
    await first.leave({ kind: 'failed', message: 'It failed.', complete: false, nextStep: null });
    await wait(900);
    assert.notEqual(await second.takeOver(), null);
  });

  it('are given though a process stands still that was just asking for one', async () => {
    const drain = { id: 'd', leaseMs: 30_000, options: { batchSize: 10 } };
    await backlog('leases still', drain);
    const [still, other] = [retryingConnection(url), await join(drain)];
    const lock = 'SELECT 1 FROM autopack_hygiene.drains FOR NO KEY UPDATE';
    let tries = 0;
    const standing = still.transaction(async (each) => {
      await each.rows(lock);
      if ((tries += 1) === 1) await wait(9000);
      return each.rows(lock);
    });
    await wait(200);
    const began = performance.now();
    const lease = await other.claim(keysOf(1, 1));
    assert.ok(lease !== null);
    assert.equal(await other.settle(lease, [successOf(lease)]), true);
    assert.ok(performance.now() - began < 8000);
    // Its connection was ended meanwhile; it does it again by another.
    assert.equal((await standing).length, 1);
    await still.close();
  });

  it('are told apart by those who go one by one, whatever isolation the user has by default', async () => {
    const drain = { id: 'd', leaseMs: 30_000, options: { batchSize: 5 } };
    await backlog('leases isolated', drain);
    await server().query(
      'leases isolated',
      `ALTER DATABASE "leases isolated" SET default_transaction_isolation = 'repeatable read'`,
    );
    const connection = retryingConnection(url);
    const [[level] = []] = await connection.transaction((each) => each.rows('SHOW transaction_isolation'));
    await connection.close();
    assert.equal(level, 'read committed');
  });

  it('are of one drain at a time, though two are begun at once', async () => {
    await backlog('leases twice', { id: 'old', leaseMs: 30_000 });
    const { location, password } = parsePostgresUrl(url, { user: '' });
    rememberPassword(location.path, password);
    const begin = (id: string): Promise<OpenDrain> =>
      new NodeSharing({ databasePath: location.path }).open({
        ...{ id, isNew: true, databaseId: 'test', executor: 'test', results: [] },
        ...{ isTrial: false, corrected: [] },
        options: resolveDrainOptions({}),
      });
    const slow = await server().connect('leases twice');
    await slow.query('BEGIN; LOCK TABLE autopack_hygiene.workers IN EXCLUSIVE MODE');
    const beginning = Promise.allSettled(['a', 'b', 'c'].map(begin));
    await wait(1500);
    await slow.end();
    const begun = await beginning;
    const open = begun.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
    await Promise.all(open.map((each) => each.close()));
    assert.equal(open.length, 1);
    for (const each of begun) {
      if (each.status === 'rejected') assert.match(String(each.reason), /Another drain of this database/);
    }
  });

  it('leave a drain with the reason of the last worker', async () => {
    const drain = { id: 'd', leaseMs: 30_000, options: { batchSize: 10 } };
    await backlog('leases leave', drain);
    const [first, second] = [await join(drain), await join(drain)];
    const why = { kind: 'failed', complete: false, nextStep: null } as const;
    await first.leave({ ...why, message: 'First.' });
    assert.equal((await second.look()).stop, null);
    await second.leave({ ...why, message: 'Second.' });
    assert.equal((await second.look()).stop?.message, 'Second.');
  });
});
