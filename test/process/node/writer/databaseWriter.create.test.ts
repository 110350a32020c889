import assert from 'node:assert/strict';
import { readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseWriter } from '../../../../src/node/writer/databaseWriter.ts';
import { rejectsWith } from '../../../support/rejectsWith.ts';
import { temporaryFolder } from '../../../support/temporaryFolder.ts';
import { numbersIn } from './numbersTable.ts';

describe('DatabaseWriter.create', () => {
  const folder = temporaryFolder();
  const writer = new DatabaseWriter();

  it('puts a complete database in place and leaves nothing else', async () => {
    const path = join(folder(), 'new.db');
    await writer.create(path, (db) => {
      db.run('CREATE TABLE t (a)');
      db.run('INSERT INTO t VALUES (1)');
    });
    assert.deepEqual(numbersIn(path), [1]);
    assert.deepEqual(await readdir(folder()), ['new.db']);
    assert.equal((await stat(path)).nlink, 1);
  });

  it('leaves nothing when the work throws', async () => {
    const attempt = writer.create(join(folder(), 'new.db'), (db) => {
      db.run('CREATE TABLE t (a)');
      throw new Error('changed my mind');
    });
    await assert.rejects(attempt, /changed my mind/);
    assert.deepEqual(await readdir(folder()), []);
  });

  it('leaves nothing when cancelled', async () => {
    await rejectsWith(
      'cancelled',
      writer.create(join(folder(), 'new.db'), (db) => db.run('CREATE TABLE t (a)'), AbortSignal.abort()),
    );
    assert.deepEqual(await readdir(folder()), []);
  });

  it('never replaces a file, even an empty one', async () => {
    const path = join(folder(), 'new.db');
    await writeFile(path, '');
    await rejectsWith(
      'exists',
      writer.create(path, (db) => db.run('CREATE TABLE t (a)')),
    );
    assert.equal((await stat(path)).size, 0);
    assert.deepEqual(await readdir(folder()), ['new.db']);
  });

  it('lets one of two creations at once win, and the other fail', async () => {
    const path = join(folder(), 'new.db');
    const create = (value: number) =>
      writer.create(path, (db) => {
        db.run('CREATE TABLE t (a)');
        db.run('INSERT INTO t VALUES (?)', [value]);
      });
    const results = await Promise.allSettled([create(1), create(2)]);
    const winner = results.findIndex((result) => result.status === 'fulfilled');
    assert.deepEqual(numbersIn(path), [winner + 1]);
    const loser = results[1 - winner];
    assert.equal(loser?.status, 'rejected');
    await rejectsWith('exists', Promise.reject(loser.reason as Error));
    assert.deepEqual(await readdir(folder()), ['new.db']);
  });

  for (const suffix of ['-journal', '-wal']) {
    it(`refuses to start beside a ${suffix} of a former database`, async () => {
      await writeFile(join(folder(), `new.db${suffix}`), 'pages of another time');
      const error = await rejectsWith(
        'exists',
        writer.create(join(folder(), 'new.db'), () => undefined),
      );
      assert.match(error.message, new RegExp(`new\\.db${suffix} exists`));
    });
  }

  it('refuses a folder that is not there', async () => {
    const error = await rejectsWith(
      'not-found',
      writer.create(join(folder(), 'absent/new.db'), () => undefined),
    );
    assert.match(error.message, /folder/);
  });
});
