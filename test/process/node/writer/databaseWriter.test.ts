import assert from 'node:assert/strict';
import { renameSync } from 'node:fs';
import { copyFile, readdir, readFile, rename, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileIdOf } from '../../../../src/node/system/realPath.ts';
import { DatabaseWriter } from '../../../../src/node/writer/databaseWriter.ts';
import { otherWriter } from '../../../support/otherWriter.ts';
import { rejectsWith } from '../../../support/rejectsWith.ts';
import { temporaryFolder } from '../../../support/temporaryFolder.ts';
import { makeNumbers, numbersIn } from './numbersTable.ts';

describe('DatabaseWriter.transaction', () => {
  const folder = temporaryFolder();
  const writer = new DatabaseWriter({ lockTimeoutMs: 300 });
  const waitingWriter = new DatabaseWriter({ lockTimeoutMs: 10_000 });

  const makeDatabase = (name = 'test.db', journalMode = 'delete') =>
    makeNumbers(join(folder(), name), journalMode);

  it('commits what was done and returns what the work returned', async () => {
    const path = makeDatabase();
    const changed = await writer.transaction(path, (db) => db.run('INSERT INTO t VALUES (?), (?)', [2, 3]));
    assert.equal(changed, 2);
    assert.deepEqual(numbersIn(path), [1, 2, 3]);
    assert.deepEqual(await readdir(folder()), ['test.db']);
  });

  it('rolls back when the work throws, and throws that on', async () => {
    const path = makeDatabase();
    const failure = new Error('changed my mind');
    const attempt = writer.transaction(path, (db) => {
      db.run('INSERT INTO t VALUES (2)');
      throw failure;
    });
    await assert.rejects(attempt, failure);
    assert.deepEqual(numbersIn(path), [1]);
  });

  it('rolls back when a statement fails half-way', async () => {
    const path = makeDatabase();
    const attempt = writer.transaction(path, (db) => {
      db.run('INSERT INTO t VALUES (2)');
      db.run('INSERT INTO t VALUES (-1)');
    });
    await assert.rejects(attempt, /CHECK constraint failed/);
    assert.deepEqual(numbersIn(path), [1]);
  });

  for (const mode of ['delete', 'truncate', 'persist', 'wal']) {
    it(`keeps the journal mode ${mode} and lets a reader in`, async () => {
      const path = makeDatabase('test.db', mode);
      const header = async () => [...(await readFile(path)).subarray(18, 20)];
      const before = await header();
      await writer.transaction(path, (db) => db.run('INSERT INTO t VALUES (2)'));
      assert.deepEqual(await header(), before);
      assert.deepEqual(numbersIn(path), [1, 2]);
    });
  }

  it('stores whole numbers as integers whatever the column', async () => {
    const path = makeDatabase();
    const types = await writer.transaction(path, (db) => {
      db.run('CREATE TABLE u (untyped, words TEXT)');
      db.run('INSERT INTO u VALUES (?, ?)', [1, 1]);
      db.run('INSERT INTO u VALUES (?, ?)', [1.5, 1.5]);
      return db.all('SELECT typeof(untyped) AS type, words FROM u');
    });
    assert.deepEqual(
      types.map((row) => ({ ...row })),
      [
        { type: 'integer', words: '1' },
        { type: 'real', words: '1.5' },
      ],
    );
  });

  it('enforces foreign keys', async () => {
    const path = makeDatabase();
    const attempt = writer.transaction(path, (db) => {
      db.run('CREATE TABLE parent (id INTEGER PRIMARY KEY)');
      db.run('CREATE TABLE child (parent INTEGER REFERENCES parent (id))');
      db.run('INSERT INTO child VALUES (7)');
    });
    await assert.rejects(attempt, /FOREIGN KEY constraint failed/);
  });

  it('waits for another writer, with the event loop running, and then writes', async () => {
    const path = makeDatabase();
    const other = await otherWriter(path, [
      'BEGIN EXCLUSIVE',
      'INSERT INTO t VALUES (2)',
      'COMMIT',
      'BEGIN EXCLUSIVE',
    ]);
    let ticks = 0;
    const timer = setInterval(() => ticks++, 5);
    const writing = waitingWriter.transaction(path, (db) => db.run('INSERT INTO t VALUES (3)'));
    setTimeout(() => void other.leave(), 250);
    await writing;
    clearInterval(timer);
    assert.deepEqual(numbersIn(path), [1, 2, 3]);
    assert.ok(ticks > 20, `the event loop turned ${ticks} times`);
  });

  it('waits for a reader that holds up the commit', async () => {
    const path = makeDatabase();
    const reader = await otherWriter(path, ['BEGIN', 'CREATE TEMP TABLE kept AS SELECT * FROM t']);
    const writing = waitingWriter.transaction(path, (db) => db.run('INSERT INTO t VALUES (2)'));
    setTimeout(() => void reader.leave(), 250);
    await writing;
    assert.deepEqual(numbersIn(path), [1, 2]);
  });

  it('gives up with "locked" after its bound and leaves everything as it was', async () => {
    const path = makeDatabase();
    const other = await otherWriter(path, ['BEGIN EXCLUSIVE']);
    const started = Date.now();
    await rejectsWith(
      'locked',
      writer.transaction(path, (db) => db.run('INSERT INTO t VALUES (2)')),
    );
    assert.ok(Date.now() - started < 2000);
    await other.leave();
    assert.deepEqual(numbersIn(path), [1]);
  });

  it('stops waiting when cancelled', async () => {
    const path = makeDatabase();
    const other = await otherWriter(path, ['BEGIN EXCLUSIVE']);
    const cancel = new AbortController();
    setTimeout(() => cancel.abort(), 50);
    const started = Date.now();
    await rejectsWith(
      'cancelled',
      waitingWriter.transaction(path, (db) => db.run('INSERT INTO t VALUES (2)'), cancel.signal),
    );
    assert.ok(Date.now() - started < 1000);
    await other.leave();
    assert.deepEqual(numbersIn(path), [1]);
  });

  it('lets several of its own transactions on one file take turns', async () => {
    const path = makeDatabase();
    const adding = Array.from({ length: 20 }, (_, index) =>
      waitingWriter.transaction(path, (db) => db.run('INSERT INTO t VALUES (?)', [index + 2])),
    );
    await Promise.all(adding);
    assert.equal(numbersIn(path).length, 21);
  });

  it('refuses a file other than the expected one', async () => {
    const path = makeDatabase();
    const fileId = fileIdOf(await stat(path, { bigint: true }));
    await copyFile(path, join(folder(), 'copy.db'));
    await rename(join(folder(), 'copy.db'), path);
    await rejectsWith(
      'replaced',
      writer.transaction(path, (db) => db.run('DELETE FROM t'), undefined, { fileId }),
    );
    assert.deepEqual(numbersIn(path), [1]);
  });

  it('catches a file that is replaced while it waits for the lock', async () => {
    const path = makeDatabase();
    const other = await otherWriter(path, ['BEGIN EXCLUSIVE']);
    const writing = waitingWriter.transaction(path, (db) => db.run('DELETE FROM t'));
    await copyFile(path, join(folder(), 'copy.db'));
    await rename(path, join(folder(), 'aside.db'));
    await rename(join(folder(), 'copy.db'), path);
    await Promise.all([other.leave(), rejectsWith('replaced', writing)]);
    assert.deepEqual(numbersIn(path), [1]);
    assert.deepEqual(numbersIn(join(folder(), 'aside.db')), [1]);
  });

  it('commits into neither file where one takes the place of the other while it works', async () => {
    const path = makeDatabase();
    const other = makeDatabase('other.db');
    await rejectsWith(
      'replaced',
      writer.transaction(path, (db) => {
        db.run('INSERT INTO t VALUES (2)');
        renameSync(path, join(folder(), 'aside.db'));
        renameSync(other, path);
      }),
    );
    assert.deepEqual(numbersIn(path), [1]);
    assert.deepEqual(numbersIn(join(folder(), 'aside.db')), [1]);
  });

  it('does not make a file that is not there', async () => {
    await rejectsWith(
      'not-found',
      writer.transaction(join(folder(), 'absent.db'), () => undefined),
    );
    assert.deepEqual(await readdir(folder()), []);
  });

  it('refuses a folder', async () => {
    await rejectsWith(
      'not-a-file',
      writer.transaction(folder(), () => undefined),
    );
  });

  it('refuses what is not a database, and leaves it alone', async () => {
    const path = join(folder(), 'notes.db');
    const text = 'These are notes, not a database.\n'.repeat(40);
    await writeFile(path, text);
    await rejectsWith(
      'not-sqlite',
      writer.transaction(path, (db) => db.all('SELECT * FROM t')),
    );
    assert.equal(await readFile(path, 'utf8'), text);
  });

  for (const size of [4096, 5000]) {
    it(`refuses a database cut off at ${size} bytes, and leaves it alone`, async () => {
      const path = makeDatabase();
      await truncate(path, size);
      const before = await readFile(path);
      await rejectsWith(
        'corrupt',
        writer.transaction(path, (db) => db.run('INSERT INTO t VALUES (2)')),
      );
      assert.deepEqual(await readFile(path), before);
      assert.deepEqual(await readdir(folder()), ['test.db']);
    });
  }

  it('takes a file of no bytes for a database without tables, and leaves it so when the work refuses it', async () => {
    const path = join(folder(), 'empty.db');
    await writeFile(path, '');
    const attempt = writer.transaction(path, (db) => {
      assert.deepEqual(db.all('SELECT * FROM sqlite_master'), []);
      throw new Error('refused');
    });
    await assert.rejects(attempt, /refused/);
    assert.equal((await stat(path)).size, 0);
    assert.deepEqual(await readdir(folder()), ['empty.db']);
  });

  it('does not take a short file for a cut one while its pages are in the log', async () => {
    const path = makeDatabase('test.db', 'wal');
    const other = await otherWriter(path, [
      'PRAGMA wal_autocheckpoint = 0',
      'CREATE TABLE u AS SELECT zeroblob(20000) AS b',
    ]);
    await writer.transaction(path, (db) => db.run('INSERT INTO t VALUES (2)'));
    assert.ok((await stat(path)).size < 20_000, 'the log has not been copied back');
    await other.leave();
    assert.deepEqual(numbersIn(path), [1, 2]);
  });
});
