import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { copyFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { adopt, planAdoption } from '../../../src/node/maintenance/adopt.ts';
import { backUpDatabase } from '../../../src/node/maintenance/withBackup.ts';
import {
  deleteAgreed,
  requeueAgreed,
  failStale,
  findStale,
} from '../../../src/node/maintenance/bulkChange.ts';
import { planRestoration, restoreDatabase } from '../../../src/node/maintenance/restoreDatabase.ts';
import { systemClock } from '../../../src/node/system/systemPorts.ts';
import { GuardWorld, meddle, suiteReader } from '../../support/guard/guardWorld.ts';
import { rejectsWith } from '../../support/rejectsWith.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';

/** Leaves a database as a program leaves it that is killed in a transaction after it began to write pages. */
async function killWriter(path: string): Promise<void> {
  const live = `${path}.live`;
  await copyFile(path, live);
  const database = new DatabaseSync(live);
  database.exec('CREATE TABLE notes (a); BEGIN');
  const insert = database.prepare('INSERT INTO notes VALUES (?)');
  for (let row = 0; row < 500; row++) insert.run('before '.repeat(100));
  database.exec(
    "COMMIT; PRAGMA cache_size = 1; BEGIN; UPDATE notes SET a = 'unfinished ' || a; DELETE FROM phases",
  );
  await copyFile(live, path);
  await copyFile(`${live}-journal`, `${path}-journal`);
  database.exec('ROLLBACK');
  database.close();
}

describe('the hot journal of a killed writer', function () {
  this.timeout(20_000);
  const folder = temporaryFolder();
  const reader = suiteReader();

  async function hot(): Promise<{ world: GuardWorld; path: string }> {
    const world = new GuardWorld(folder(), reader());
    const path = await world.make(`${randomUUID()}.db`);
    meddle(
      path,
      "UPDATE phases SET state = 'FAILED' WHERE phase_index < 3",
      "UPDATE phases SET state = 'EXECUTING', updated_at = '2026-01-01 00:00:00' WHERE phase_index = 5",
    );
    await killWriter(path);
    await world.guard.pin(path);
    return { world, path };
  }

  /** What was committed is there, and nothing of what was not; looked at by SQLite itself. */
  function assertRolledBack(path: string, phases = 10): void {
    assert.ok(!existsSync(`${path}-journal`), 'no journal is left');
    const database = new DatabaseSync(path, { readOnly: true });
    const row = database
      .prepare(
        `SELECT (SELECT count(*) FROM phases) AS phases, (SELECT count(*) FROM notes WHERE a LIKE 'before%') AS notes,
         (SELECT group_concat(integrity_check) FROM pragma_integrity_check) AS whole`,
      )
      .get();
    database.close();
    assert.deepEqual({ ...row }, { phases, notes: 500, whole: 'ok' });
  }

  it('is said when a backup is asked for, and nothing is touched', async () => {
    const { world, path } = await hot();
    const before = await world.contents();
    const request = { path, workspaceFolder: world.folder, now: Date.now() };
    const error = await rejectsWith('hot-journal', backUpDatabase(world.reader, request));
    assert.match(error.message, /-journal was left by a program that ended in the middle of a transaction/);
    assert.match(error.nextStep, /backup --roll-back/);
    assert.deepEqual(await world.contents(), before);
    assert.ok(existsSync(`${path}-journal`));
  });

  it('is rolled back for a backup when the person says so', async () => {
    const { world, path } = await hot();
    const request = { path, workspaceFolder: world.folder, now: Date.now(), rollBack: true };
    const backup = await backUpDatabase(world.reader, request);
    assertRolledBack(path);
    assertRolledBack(backup.path);
  });

  const writes: Readonly<Record<string, (world: GuardWorld, path: string) => Promise<number | undefined>>> = {
    adopt: async ({ guard, writer, folder: workspaceFolder }, path) => {
      const plan = await planAdoption(guard, path, { role: 'seed', anew: true });
      await adopt(plan, { guard, writer, clock: systemClock, workspaceFolder });
      return undefined;
    },
    requeue: async (world, path) => {
      const scope = { states: ['FAILED'], staleBefore: 0 } as const;
      const { phases } = (await world.reader.request(path, 'requeueSelection', scope)).value;
      const deps = { writer: world.writer, clock: systemClock, workspaceFolder: world.folder };
      const { result } = await requeueAgreed(path, phases, await world.authorise(path, 'requeue'), deps);
      assert.equal(result, 3);
      return undefined;
    },
    'mark stale': async (world, path) => {
      const stale = await findStale(world.reader, path, Date.now());
      const deps = { writer: world.writer, clock: systemClock, workspaceFolder: world.folder };
      await failStale(path, { ...stale, workers: [] }, await world.authorise(path, 'mark-stale'), deps);
      return undefined;
    },
    'delete a run': async (world, path) => {
      const { value: run } = await world.reader.request(path, 'runToDelete', {
        runId: 'telemetry-collection-v4',
      });
      const { writer, guard, folder: workspaceFolder } = world;
      const expected = await world.authorise(path, 'delete-run');
      await deleteAgreed(path, run, expected, { writer, guard, clock: systemClock, workspaceFolder });
      return 0;
    },
    seed: async (world, path) => {
      await world.seed(path);
      return 20;
    },
    'restore into it': async (world, path) => {
      const { folder: workspaceFolder } = world;
      const good = `${path}.backup`;
      await copyFile(path, good);
      await copyFile(`${path}-journal`, `${good}-journal`);
      // Opened by a program that may write, as a backup that lies about is.
      meddle(good, 'SELECT count(*) FROM phases');
      const { fileId } = await planRestoration(world.reader, { path, backupPath: good, workspaceFolder });
      await restoreDatabase({ path, backupPath: good, workspaceFolder, now: Date.now(), fileId });
      return undefined;
    },
  };
  for (const [name, write] of Object.entries(writes)) {
    it(`is rolled back before it is written: ${name}`, async () => {
      const { world, path } = await hot();
      assertRolledBack(path, await write(world, path));
    });
  }

  it('beside a backup is said, and neither file is touched', async () => {
    const { world, path } = await hot();
    const before = await world.contents();
    const restoring = { path: world.path('new.db'), backupPath: path, workspaceFolder: world.folder };
    const restored = restoreDatabase({ ...restoring, now: Date.now(), fileId: null });
    assert.match((await rejectsWith('hot-journal', restored)).message, /-journal was left by a program/);
    assert.deepEqual(await world.contents(), before);
  });
});
