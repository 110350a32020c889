import assert from 'node:assert/strict';
import { chmod, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseWriter } from '../../../../src/node/writer/databaseWriter.ts';
import { asOrdinaryUser } from '../../../support/asOrdinaryUser.ts';
import { rejectsWith } from '../../../support/rejectsWith.ts';
import { skipBecause } from '../../../support/skipBecause.ts';
import { smallDisk } from '../../../support/smallDisk.ts';
import { temporaryFolder } from '../../../support/temporaryFolder.ts';
import { makeNumbers, numbersIn } from './numbersTable.ts';

describe('DatabaseWriter without permission', () => {
  const folder = temporaryFolder();
  const writer = new DatabaseWriter();

  before(function () {
    if (process.platform === 'win32') skipBecause(this, 'Windows keeps permissions otherwise');
  });

  it('refuses a read-only file and leaves it alone', async () => {
    const path = makeNumbers(join(folder(), 'test.db'));
    await chmod(path, 0o444);
    await chmod(folder(), 0o777);
    const before = await readFile(path);
    await asOrdinaryUser(() =>
      rejectsWith(
        'no-permission',
        writer.transaction(path, (db) => db.run('DELETE FROM t')),
      ),
    );
    assert.deepEqual(await readFile(path), before);
    assert.deepEqual(await readdir(folder()), ['test.db']);
  });

  for (const mode of ['delete', 'wal']) {
    it(`refuses a writable file in ${mode} mode whose folder is read-only`, async () => {
      const path = makeNumbers(join(folder(), 'test.db'), mode);
      await chmod(path, 0o666);
      await chmod(folder(), 0o555);
      await asOrdinaryUser(() =>
        rejectsWith(
          'no-permission',
          writer.transaction(path, (db) => db.run('DELETE FROM t')),
        ),
      );
      await chmod(folder(), 0o755);
      assert.deepEqual(numbersIn(path), [1]);
    });
  }

  it('refuses a file in a folder it may not look into', async () => {
    const path = makeNumbers(join(folder(), 'test.db'));
    await chmod(folder(), 0o000);
    await asOrdinaryUser(() =>
      rejectsWith(
        'no-permission',
        writer.transaction(path, () => undefined),
      ),
    );
  });

  it('refuses to create in a read-only folder', async () => {
    await chmod(folder(), 0o555);
    await asOrdinaryUser(() =>
      rejectsWith(
        'no-permission',
        writer.create(join(folder(), 'new.db'), (db) => db.run('CREATE TABLE t (a)')),
      ),
    );
    assert.deepEqual(await readdir(folder()), []);
  });
});

describe('DatabaseWriter on a full disk', () => {
  const folder = temporaryFolder();
  const writer = new DatabaseWriter();

  it('rolls back and says that the disk is full', async function () {
    const disk = smallDisk(this, join(folder(), 'disk'), 128);
    try {
      const path = makeNumbers(join(folder(), 'disk/test.db'));
      await rejectsWith(
        'disk-full',
        writer.transaction(path, (db) => {
          db.run('INSERT INTO t VALUES (2)');
          db.run('CREATE TABLE large AS SELECT zeroblob(1000000) AS bytes');
        }),
      );
      await chmod(folder(), 0o755);
      assert.deepEqual(numbersIn(path), [1]);
    } finally {
      disk.unmount();
    }
  });

  it('leaves nothing of a database that did not fit', async function () {
    const disk = smallDisk(this, join(folder(), 'disk'), 64);
    try {
      await writeFile(join(folder(), 'disk/other'), 'x'.repeat(30_000));
      await rejectsWith(
        'disk-full',
        writer.create(join(folder(), 'disk/new.db'), (db) =>
          db.run('CREATE TABLE t AS SELECT zeroblob(100000) AS b'),
        ),
      );
      assert.deepEqual(await readdir(join(folder(), 'disk')), ['other']);
    } finally {
      disk.unmount();
    }
  });
});
