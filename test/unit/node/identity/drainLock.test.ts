import assert from 'node:assert/strict';
import { readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { acquireDrainLock, runningDrain } from '../../../../src/node/identity/drainLock.ts';
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

  it('is got by one of many', async () => {
    await writeFile(`${database}.drain-lock`, '{}');
    const all = await Promise.allSettled(Array.from({ length: 8 }, () => acquireDrainLock(database, 0)));
    assert.equal(all.filter(({ status }) => status === 'fulfilled').length, 1);
  });
});
