import assert from 'node:assert/strict';
import { hostname } from 'node:os';
import { parsePostgresUrl } from '../../../src/core/db/postgresUrl.ts';
import { resolveDrainOptions } from '../../../src/core/drain/drainOptions.ts';
import { markDead, NodeSharing } from '../../../src/node/drain/sharing.ts';
import { rememberPassword } from '../../../src/node/postgres/passwords.ts';
import { markOfProcess, processSpace } from '../../../src/node/system/processMark.ts';
import {
  backlogOn,
  beginSharedDrain,
  joinSharedDrain,
  retryingConnection,
  successOf,
} from '../../support/postgres/sharedBacklog.ts';
import { postgresServer } from '../../support/postgres/usePostgres.ts';
import { rejectsWith } from '../../support/rejectsWith.ts';

describe('workers that have died', function () {
  this.timeout(30_000);
  const server = postgresServer();

  it('leave what they had free at once where they died in this space of process ids, and nowhere else', async () => {
    const url = await backlogOn(server(), 'leases of the dead', { runs: 6, phases: 1 });
    await beginSharedDrain(url, { id: 'd', leaseMs: 30_000 });
    const space = (await processSpace()) ?? '';
    const own = (await markOfProcess(process.pid)) ?? '';
    assert.ok(own.startsWith(`${space} `) && space !== '', own);
    const gone = 4_194_305;
    const workers = [
      { name: 'gone', mark: `${space} 17`, pid: gone, host: hostname(), isDead: true },
      {
        name: 'gone, under a former host name',
        mark: `${space} 17`,
        pid: gone,
        host: 'before',
        isDead: true,
      },
      { name: 'replaced', mark: `${space} 17`, pid: process.pid, host: hostname(), isDead: true },
      { name: 'alive', mark: own, pid: process.pid, host: hostname(), isDead: false },
      { name: 'of another container', mark: `${space}7 17`, pid: gone, host: hostname(), isDead: false },
      { name: 'of a system that tells nothing', mark: null, pid: gone, host: hostname(), isDead: false },
    ];
    for (const [index, { host, pid, mark }] of workers.entries()) {
      await server().query(
        'leases of the dead',
        `WITH w AS (INSERT INTO autopack_hygiene.workers (drain, role, host, pid, process_mark)
                    VALUES ('d', 'worker', $1, $2, $3) RETURNING id)
         INSERT INTO autopack_hygiene.leases (run_id, phase_id, drain, worker, fence, expires_at)
         SELECT $4, 'phase-1', 'd', id, $5, now() + interval '1 hour' FROM w`,
        [host, pid, mark, `run-${index + 1}`, index + 1],
      );
    }
    const connection = retryingConnection(url);
    await markDead(connection);
    await connection.close();
    const rows = await server().query<{ ended: boolean; free: boolean }>(
      'leases of the dead',
      `SELECT w.ended_at IS NOT NULL AS ended, l.expires_at <= now() AS free
       FROM autopack_hygiene.workers w JOIN autopack_hygiene.leases l ON l.worker = w.id ORDER BY w.id`,
    );
    assert.deepEqual(
      rows.map(({ ended, free }, index) => [workers[index]?.name, ended, free]),
      workers.map(({ name, isDead }) => [name, isDead, isDead]),
    );
  });

  it('leave results that whoever resumes the drain corrects for all', async () => {
    const url = await backlogOn(server(), 'corrected results', { runs: 1, phases: 2 });
    const drain = { id: 'batch-drain-1', leaseMs: 1000 };
    await beginSharedDrain(url, drain);
    const dead = await joinSharedDrain(url, drain);
    const [first, second] = ['phase-1', 'phase-2'].map((phaseId) => ({ runId: 'run-1', phaseId }));
    assert.ok(first !== undefined && second !== undefined);
    const left = { success: false, finalState: 'EXECUTING', outcome: 'timed-out', exitCode: null } as const;
    for (const result of [successOf(first), successOf(second, left)]) {
      await dead.look();
      const lease = await dead.claim([result]);
      assert.ok(lease !== null);
      await dead.settle(lease, [result]);
    }
    await dead.close();
    await server().query('corrected results', 'UPDATE autopack_hygiene.workers SET ended_at = now()');
    const { location, password } = parsePostgresUrl(url, { user: '' });
    rememberPassword(location.path, password);
    const results = [successOf(first), successOf(second, { ...left, finalState: 'FAILED' })];
    const open = await new NodeSharing({ databasePath: location.path }).open({
      ...{ id: drain.id, isNew: false, databaseId: 'test', executor: 'test', isTrial: false },
      ...{ options: resolveDrainOptions({}), results, corrected: [1] },
    });
    const other = await joinSharedDrain(url, drain);
    assert.deepEqual(
      (await other.look()).results.map(({ finalState }) => finalState),
      ['COMPLETE', 'FAILED'],
    );
    await Promise.all([open.close(), other.close()]);
  });

  it('leave a drain that nobody joins, with who had it and how to go on', async () => {
    const url = await backlogOn(server(), 'drain of the dead', { runs: 1, phases: 1 });
    await beginSharedDrain(url, { id: 'batch-drain-1', leaseMs: 2000 });
    const { location, password } = parsePostgresUrl(url, { user: '' });
    rememberPassword(location.path, password);
    const sharing = new NodeSharing({ databasePath: location.path });
    const nobody = await rejectsWith('changed', sharing.join('batch-drain-1'));
    assert.equal(nobody.message, 'Nobody works on the drain batch-drain-1.');
    const add = (role: string, host: string, ago: string): Promise<unknown> =>
      server().query(
        'drain of the dead',
        `INSERT INTO autopack_hygiene.workers (drain, role, host, pid, begun_at, seen_at)
         VALUES ('batch-drain-1', $1, $2, 4711, '2026-01-05 11:00Z', clock_timestamp() - $3::interval)`,
        [role, host, ago],
      );
    await add('leader', 'build-3', '3 hours 5 minutes');
    await add('worker', 'build-4', '3 hours');
    const error = await rejectsWith('changed', sharing.join('batch-drain-1'));
    assert.equal(
      error.message,
      'Nobody works on the drain batch-drain-1 any more: process 4711 on build-3 began it, and its last worker was heard of 3 h ago.',
    );
    assert.equal(
      error.nextStep,
      'Resume it on build-3, where its session is: drain --resume batch-drain-1. What was under way is set right first.',
    );
    await add('worker', 'build-5', '1 second');
    const open = await sharing.join('batch-drain-1');
    await open.close();
  });
});
