import assert from 'node:assert/strict';
import { copyFile, open } from 'node:fs/promises';
import { DatabaseSync } from 'node:sqlite';
import type { RequeueScope, RequeueSelection } from '../../../src/core/maintenance/requeue.ts';
import { acquireDrainLock } from '../../../src/node/identity/drainLock.ts';
import { requeueAgreed, type BulkChangeDeps } from '../../../src/node/maintenance/bulkChange.ts';
import { planRestoration, restoreDatabase } from '../../../src/node/maintenance/restoreDatabase.ts';
import { systemClock } from '../../../src/node/system/systemPorts.ts';
import { adopted } from '../../support/adopted.ts';
import { databaseSources } from '../../support/data/dataSources.ts';
import { aloneOnTheMachine } from '../../support/guard/aloneOnTheMachine.ts';
import { GuardWorld, meddle, suiteReader } from '../../support/guard/guardWorld.ts';
import { lookAlikeWorker } from '../../support/guard/lookAlikeWorker.ts';
import { olderDatabase, olderTime } from '../../support/olderDatabase.ts';
import { rejectsWith } from '../../support/rejectsWith.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';

const failAll = `UPDATE phases SET state = 'FAILED', last_failure_reason = 'Phase timeout after 900 seconds',
  builder_attempts = 2, started_at = '2025-12-24 10:00:00', completed_at = '2025-12-24 10:15:00'`;

describe('queueing phases again', function () {
  this.timeout(20_000);
  const folder = temporaryFolder();
  const reader = suiteReader();
  const worker = lookAlikeWorker(folder);

  async function backlog(...statements: readonly string[]): Promise<GuardWorld> {
    const world = new GuardWorld(folder(), reader());
    await olderDatabase(world.path('backlog.db'));
    meddle(world.path('backlog.db'), ...statements);
    return world;
  }

  async function select(world: GuardWorld, scope: Partial<RequeueScope>): Promise<RequeueSelection> {
    const whole = { states: ['FAILED'], staleBefore: 0, ...scope } as const;
    return (await reader().request(world.path('backlog.db'), 'requeueSelection', whole)).value;
  }

  const names = ({ phases }: RequeueSelection): string[] => phases.map(({ phaseId }) => phaseId);
  const deps = (world: GuardWorld): BulkChangeDeps => ({
    writer: world.writer,
    clock: systemClock,
    workspaceFolder: folder(),
  });
  const rowsOf = (path: string, columns = '*'): unknown[] => {
    const database = new DatabaseSync(path, { readOnly: true });
    const rows = database.prepare(`SELECT ${columns} FROM phases ORDER BY rowid`).all();
    database.close();
    return rows.map((row) => ({ ...row }));
  };

  it('is about FAILED phases, of a run, chosen ones or those of a cluster, and tells what it leaves', async () => {
    const world = await backlog(
      `UPDATE phases SET state = 'failed', last_failure_reason = 'timeout after 9 s' WHERE phase_id IN ('left', 'waits')`,
      `UPDATE phases SET state = 'FAILED', last_failure_reason = 'no module named x' WHERE phase_id = 'stuck'`,
    );
    const all = await select(world, {});
    assert.deepEqual([names(all), all.left], [['stuck', 'left', 'waits'], { COMPLETE: 1 }]);
    assert.deepEqual(names(await select(world, { runIds: ['later'] })), ['waits']);
    const keys = [
      { runId: 'begun', phaseId: 'left' },
      { runId: 'begun', phaseId: 'done' },
    ];
    const chosen = await select(world, { keys });
    assert.deepEqual([names(chosen), chosen.left], [['left'], { COMPLETE: 1 }]);
    const { clusters } = (await reader().request(world.path('backlog.db'), 'failures', null)).value;
    const fingerprint = clusters.find(({ count }) => count === 2)?.fingerprint ?? '';
    assert.deepEqual(names(await select(world, { fingerprint })), ['left', 'waits']);
  });

  it('takes EXECUTING phases only when they are stale, and COMPLETE ones only when told', async () => {
    const world = await backlog();
    const executing = { states: ['EXECUTING'] } as const;
    assert.deepEqual(names(await select(world, { ...executing, staleBefore: olderTime })), []);
    assert.deepEqual(names(await select(world, { ...executing, staleBefore: olderTime + 1 })), ['stuck']);
    assert.deepEqual(names(await select(world, { states: ['COMPLETE'] })), ['done']);
  });

  it('says so where there is no such run, phase or kind of failure', async () => {
    const world = await backlog();
    await rejectsWith('unknown-run', select(world, { runIds: ['nowhere'] }));
    await rejectsWith('unknown-phase', select(world, { keys: [{ runId: 'begun', phaseId: 'nothing' }] }));
    await rejectsWith('not-found', select(world, { fingerprint: 'h2:gone' }));
  });

  it('sets state and times after a backup, keeps reasons and attempts, and changes no other row', async function () {
    const world = await backlog(
      `${failAll} WHERE run_id = 'begun'`,
      `UPDATE phases SET state = lower(state)`,
    );
    const path = world.path('backlog.db');
    const expected = await adopted(path, 'legacy');
    await aloneOnTheMachine(this, path);
    const before = rowsOf(path);
    const { phases } = await select(world, { runIds: ['begun'] });
    const { result, backup } = await requeueAgreed(path, phases, expected, deps(world));
    assert.equal(result, 3);
    const columns =
      'state, last_failure_reason AS reason, builder_attempts AS attempts, started_at, completed_at';
    const queued = {
      state: 'queued',
      reason: 'Phase timeout after 900 seconds',
      attempts: 2,
      started_at: null,
      completed_at: null,
    };
    assert.deepEqual(rowsOf(path, columns).slice(0, 3), [queued, queued, queued]);
    assert.deepEqual(rowsOf(path)[3], before[3]);
    assert.ok(backup);
    assert.deepEqual(rowsOf(backup.path), before);
    assert.match(backup.path, /-requeue\.db$/);
  });

  it('can be undone where the file was damaged before, and SQLite did not notice', async function () {
    const world = await backlog(failAll);
    const path = world.path('backlog.db');
    const expected = await adopted(path, 'legacy');
    await aloneOnTheMachine(this, path);
    const file = await open(path, 'r+');
    try {
      // The largest root page, of which there is none where pages are never moved: all tables are read and written as before.
      await file.write(Uint8Array.of(0, 0, 0, 7), 0, 4, 52);
    } finally {
      await file.close();
    }
    const { phases } = await select(world, {});
    const before = rowsOf(path, 'state');
    const { backup } = await requeueAgreed(path, phases, expected, deps(world));
    assert.ok(backup);
    assert.notDeepEqual(rowsOf(path, 'state'), before);
    const where = { path, backupPath: backup.path, workspaceFolder: folder() };
    const { question, fileId } = await planRestoration(world.reader, where);
    assert.match(question, /The backup is damaged, and so is what is there now\.$/);
    await restoreDatabase({ ...where, now: Date.now() + 1, fileId });
    assert.deepEqual(rowsOf(path, 'state'), before);
  });

  it('leaves phases alone that somebody changed since', async function () {
    const world = await backlog(failAll);
    const path = world.path('backlog.db');
    const expected = await adopted(path, 'legacy');
    await aloneOnTheMachine(this, path);
    const { phases } = await select(world, {});
    meddle(
      path,
      `UPDATE phases SET state = 'COMPLETE' WHERE phase_id = 'left'`,
      // Queued, executed and failed once more meanwhile.
      `UPDATE phases SET builder_attempts = 3 WHERE phase_id = 'stuck'`,
      `DELETE FROM phases WHERE phase_id = 'waits'`,
    );
    assert.equal((await requeueAgreed(path, phases, expected, deps(world))).result, 1);
    assert.deepEqual(rowsOf(path, 'phase_id, state'), [
      { phase_id: 'done', state: 'QUEUED' },
      { phase_id: 'stuck', state: 'FAILED' },
      { phase_id: 'left', state: 'COMPLETE' },
    ]);
  });

  it('leaves no backup where it cannot be done', async function () {
    const world = await backlog(failAll);
    const path = world.path('backlog.db');
    const expected = await adopted(path, 'legacy');
    await aloneOnTheMachine(this, path);
    const { phases } = await select(world, {});
    const before = await world.contents();
    const other = new DatabaseSync(path);
    other.exec('BEGIN IMMEDIATE');
    await rejectsWith('locked', requeueAgreed(path, phases, expected, deps(world)));
    other.close();
    assert.deepEqual(await world.contents(), before);
  });

  it('is refused while the database is drained, or a program is at work on a phase; nothing is written', async function () {
    const world = await backlog(failAll);
    const path = world.path('backlog.db');
    const expected = await adopted(path, 'legacy');
    await aloneOnTheMachine(this, path);
    const { phases } = await select(world, {});
    const before = await world.contents();
    const lock = await acquireDrainLock(path, Date.now());
    await rejectsWith('drain-running', requeueAgreed(path, phases, expected, deps(world)));
    await lock.release();
    await worker(path, 'begun', 'stuck');
    const error = await rejectsWith('at-work', requeueAgreed(path, phases, expected, deps(world)));
    assert.match(error.message, /drainOnePhase\.mjs .*\(process \d+\)/);
    assert.deepEqual(await world.contents(), before);
    const others = phases.filter(({ phaseId }) => phaseId !== 'stuck');
    assert.equal((await requeueAgreed(path, others, expected, deps(world))).result, 3);
  });

  for (const source of databaseSources('backlog')) {
    it(`brings every failure of a large backlog back into the queue (${source.name})`, async function () {
      const world = new GuardWorld(folder(), reader());
      const path = world.path('backlog.db');
      await copyFile(source.path, path);
      const expected = await adopted(path, 'legacy');
      await aloneOnTheMachine(this, path);
      const stored = rowsOf(path, 'upper(state) AS state');
      const count = (state: string): number =>
        stored.filter((row) => JSON.stringify(row) === JSON.stringify({ state })).length;
      assert.ok(count('FAILED') > 100);
      const { phases, left } = await select(world, {});
      assert.deepEqual([phases.length, left.COMPLETE], [count('FAILED'), count('COMPLETE')]);
      assert.equal((await requeueAgreed(path, phases, expected, deps(world))).result, count('FAILED'));
      assert.equal((await select(world, {})).phases.length, 0);
    });
  }
});
