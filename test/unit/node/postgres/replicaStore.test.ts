import assert from 'node:assert/strict';
import { lstat, mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { ReplicaLock, ReplicaStore } from '../../../../src/node/postgres/replicaStore.ts';
import { rejectsWith } from '../../../support/rejectsWith.ts';
import { temporaryFolder } from '../../../support/temporaryFolder.ts';

const path = 'postgresql://user@host:5432/autopack';

describe('the place of replicas', () => {
  const folder = temporaryFolder();

  it('is read by this user alone, and the same for a database however one connects to it', async () => {
    const store = new ReplicaStore(join(folder(), 'cache'));
    const files = await store.filesOf(path);
    assert.equal((await lstat(join(folder(), 'cache', 'autopack-hygiene', 'replicas'))).mode & 0o777, 0o700);
    assert.equal((await lstat(files.lock)).mode & 0o777, 0o600);
    assert.deepEqual(await store.filesOf(`${path}?sslmode=require`), files);
    assert.notDeepEqual(await store.filesOf(path.replace('user', 'other')), files);
  });

  it('keeps those that were used last', async () => {
    const store = new ReplicaStore(folder());
    const first = await store.filesOf(path);
    await writeFile(first.database, '');
    for (let i = 0; i < 5; i++) {
      await wait(5);
      await store.filesOf(`${path}${i}`);
    }
    const names = await readdir(join(folder(), 'autopack-hygiene', 'replicas'));
    assert.equal(names.length, 5);
    await assert.rejects(lstat(first.database));
  });

  it('follows no link', async () => {
    await mkdir(join(folder(), 'autopack-hygiene'));
    await symlink(folder(), join(folder(), 'autopack-hygiene', 'replicas'));
    const refused = await rejectsWith('unreadable', new ReplicaStore(folder()).filesOf(path));
    assert.match(refused.message, /symbolic link/);
  });

  it('is locked by one at a time', async () => {
    const files = await new ReplicaStore(folder()).filesOf(path);
    const first = await ReplicaLock.acquire(files, path);
    const order: string[] = [];
    const second = ReplicaLock.acquire(files, path).then((lock) => {
      order.push('second');
      lock.release();
    });
    await wait(60);
    order.push('first');
    first.release();
    await second;
    assert.deepEqual(order, ['first', 'second']);
    const held = await ReplicaLock.acquire(files, path);
    const abort = AbortSignal.timeout(50);
    await assert.rejects(ReplicaLock.acquire(files, path, abort), { message: /cancelled/i });
    held.release();
  });
});
