import assert from 'node:assert/strict';
import { link, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { acquireDrainLock, deadDrainLock, runningDrain } from '../../../../src/node/identity/drainLock.ts';
import { refuseDrained } from '../../../../src/node/maintenance/refuseAtWork.ts';
import { findDrainEndpoint } from '../../../../src/node/drain/drainEndpoint.ts';
import { rejectsWith } from '../../../support/rejectsWith.ts';
import { temporaryFolder } from '../../../support/temporaryFolder.ts';

describe('the lock of a drained database', () => {
  const folder = temporaryFolder();
  let database: string;

  beforeEach(async () => {
    database = join(folder(), 'seed.db');
    await writeFile(database, '');
  });

  it('refuses a second drain, whatever link it comes by, and is gone afterwards', async () => {
    const lock = await acquireDrainLock(database, 0);
    await lock.nameSession('batch-drain-1');
    const other = join(folder(), 'link.db');
    await symlink(database, other);
    await assert.rejects(acquireDrainLock(other, 0), (error: Error) => {
      assert.match(error.message, new RegExp(`process ${process.pid}, since 1970-.*, session batch-drain-1`));
      return true;
    });
    await rejectsWith('drain-running', acquireDrainLock(database, 0));
    assert.equal((await runningDrain(database))?.sessionId, 'batch-drain-1');
    await lock.release();
    assert.equal(await runningDrain(database), null);
    assert.deepEqual((await readdir(folder())).sort(), ['link.db', 'seed.db']);
  });

  it('takes over from the dead, and from a process that has only the number of the dead', async () => {
    const path = `${database}.drain-lock`;
    const lock = await acquireDrainLock(database, 0);
    const content = JSON.parse(await readFile(path, 'utf8')) as { processMark: string | null };
    await lock.release();
    const left = [
      { ...content, token: 'a', pid: 2 ** 30 },
      { ...content, token: 'b', processMark: 'another start' },
    ];
    for (const dead of left) {
      await writeFile(path, JSON.stringify(dead));
      assert.equal(await runningDrain(database), null);
      const taken = await acquireDrainLock(database, 0);
      assert.equal(taken.takenOver?.token, dead.token);
      await taken.release();
    }
    await writeFile(path, '{"torn');
    await (await acquireDrainLock(database, 0)).release();
    await writeFile(path, JSON.stringify({ ...content, token: 'c', pid: 2 ** 30, host: 'elsewhere' }));
    await rejectsWith('drain-running', acquireDrainLock(database, 0));
  });

  it('says where its drain can be followed, but leads nobody elsewhere; older ones say nothing', async () => {
    const endpoint = '/tmp/autopack-drain-1/drain.sock';
    const followed = await acquireDrainLock(database, 0, endpoint);
    if (process.platform !== 'win32') assert.equal(await findDrainEndpoint(database), endpoint);
    const path = `${database}.drain-lock`;
    const content = JSON.parse(await readFile(path, 'utf8')) as { endpoint?: string };
    for (const odd of [
      { ...content, endpoint: '/var/run/docker.sock' },
      { ...content, endpoint: String.raw`\\elsewhere\pipe\autopack-drain-1` },
      { ...content, host: 'elsewhere' },
    ]) {
      await writeFile(path, JSON.stringify(odd));
      assert.equal(await findDrainEndpoint(database), null);
    }
    delete content.endpoint;
    await writeFile(path, JSON.stringify(content));
    assert.ok(await runningDrain(database));
    assert.equal(await findDrainEndpoint(database), null);
    await followed.release();
  });

  it('is not left behind where the turn to take one over is something else than a file', async () => {
    await mkdir(`${database}.drain-lock.takeover`);
    await rejectsWith('not-a-file', acquireDrainLock(database, 0));
    assert.deepEqual((await readdir(folder())).sort(), ['seed.db', 'seed.db.drain-lock.takeover']);
  });

  for (const suffix of ['-journal', '-wal', '-shm']) {
    it(`is not to be had where ${suffix} of the database is something else than a file: who writes it would wait`, async () => {
      await symlink('/nowhere', `${database}${suffix}`);
      const error = await rejectsWith('unreadable', acquireDrainLock(database, 0));
      assert.ok(error.message.startsWith(`${database}${suffix} is`), error.message);
      assert.deepEqual((await readdir(folder())).sort(), ['seed.db', `seed.db${suffix}`]);
    });
  }

  it('is not to be had where the log of the database is another name of a file elsewhere: SQLite would write into it', async () => {
    const mine = join(folder(), 'mine.txt');
    await writeFile(mine, 'mine');
    await link(mine, `${database}-wal`);
    const error = await rejectsWith('unreadable', acquireDrainLock(database, 0));
    assert.match(error.message, /seed\.db-wal is a second name of another file/);
    assert.equal(await readFile(mine, 'utf8'), 'mine');
  });

  it('names no session that is none: its id stands in a command that a person may copy', async () => {
    const path = `${database}.drain-lock`;
    const lock = await acquireDrainLock(database, 0);
    const content = JSON.parse(await readFile(path, 'utf8')) as object;
    await lock.release();
    for (const sessionId of ['batch-drain-1; touch x', 'batch-drain-1\n', '--all', '../../x', '']) {
      await writeFile(path, JSON.stringify({ ...content, pid: 2 ** 30, sessionId }));
      assert.equal((await deadDrainLock(database))?.sessionId, null, sessionId);
    }
  });

  it('says which file to delete where nobody can tell whether its process is the one that took it', async () => {
    const path = `${database}.drain-lock`;
    const lock = await acquireDrainLock(database, 0);
    const content = JSON.parse(await readFile(path, 'utf8')) as { processMark: string | null };
    const refusals = async (): Promise<string[]> =>
      Promise.all(
        [acquireDrainLock(database, 0), refuseDrained(database, 'restore')].map(
          async (refused) => (await rejectsWith('drain-running', refused)).nextStep,
        ),
      );
    if (content.processMark !== null)
      for (const nextStep of await refusals()) assert.doesNotMatch(nextStep, /delete/);
    for (const [odd, expected] of [
      [{ processMark: null }, `If process ${process.pid} is another program, delete ${path}.`],
      [{ host: 'elsewhere' }, `If you are sure that it has died there, delete ${path}.`],
    ] as const) {
      await writeFile(path, JSON.stringify({ ...content, ...odd }));
      for (const nextStep of await refusals()) assert.ok(nextStep.endsWith(expected), nextStep);
    }
    await lock.release();
  });

  it('is got by one of many', async () => {
    await writeFile(`${database}.drain-lock`, '{}');
    const all = await Promise.allSettled(Array.from({ length: 8 }, () => acquireDrainLock(database, 0)));
    assert.equal(all.filter(({ status }) => status === 'fulfilled').length, 1);
  });
});
