import assert from 'node:assert/strict';
import { readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { CancelledError } from '../../../src/core/errors.ts';
import { copyUnderLock } from '../../../src/node/maintenance/copyUnderLock.ts';
import { keepLocks } from '../../../src/node/system/deferredClose.ts';
import { existingFileId } from '../../../src/node/writer/placeNewFile.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';

describe('copying a database under its lock', () => {
  const folder = temporaryFolder();
  let path: string;
  let target: string;

  beforeEach(async () => {
    [path, target] = [join(folder(), 'source.db'), join(folder(), 'target.db')];
    const database = new DatabaseSync(path);
    // Several chunks.
    database.exec(`CREATE TABLE t (x);
      WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 200)
      INSERT INTO t SELECT randomblob(50000) FROM c`);
    database.close();
    await writeFile(target, '');
  });

  async function copy(signal?: AbortSignal, fileId = existingFileId(path)): Promise<boolean> {
    const letGo = keepLocks();
    const connection = new DatabaseSync(path, { readOnly: true, timeout: 0 });
    try {
      return await copyUnderLock({ connection, path, fileId }, target, signal);
    } finally {
      connection.close();
      letGo();
    }
  }

  function write(): void {
    const writer = new DatabaseSync(path, { timeout: 0 });
    try {
      writer.exec("INSERT INTO t VALUES ('new')");
    } finally {
      writer.close();
    }
  }

  it('copies every byte, and lets nobody write meanwhile', async () => {
    const before = await readFile(path);
    const copying = copy();
    assert.throws(write, /locked/);
    assert.equal(await copying, true);
    assert.deepEqual(await readFile(target), before);
    write();
  });

  it('leaves to SQLite what is in WAL mode', async () => {
    const database = new DatabaseSync(path);
    database.exec('PRAGMA journal_mode = WAL');
    database.close();
    assert.equal(await copy(), false);
    assert.equal((await readFile(target)).length, 0);
  });

  it('leaves to SQLite what is shorter than it says', async () => {
    await truncate(path, 65_536);
    assert.equal(await copy(), false);
    assert.equal((await readFile(target)).length, 0);
  });

  it('leaves to SQLite what somebody else has locked', async () => {
    const writer = new DatabaseSync(path);
    writer.exec('BEGIN EXCLUSIVE');
    try {
      assert.equal(await copy(), false);
    } finally {
      writer.close();
    }
  });

  it('leaves to SQLite a file in whose place another was put', async () => {
    assert.equal(await copy(undefined, '1:1'), false);
    assert.equal((await readFile(target)).length, 0);
  });

  it('stops where it is cancelled, and gives the lock back', async () => {
    await assert.rejects(copy(AbortSignal.abort()), CancelledError);
    write();
  });
});
