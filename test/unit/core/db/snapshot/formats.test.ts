import assert from 'node:assert/strict';
import {
  closeSync,
  copyFileSync,
  ftruncateSync,
  openSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { openSnapshots, readRows, rowsOf } from '../../../../support/openSnapshots.ts';
import { rejectsWith } from '../../../../support/rejectsWith.ts';
import { temporaryFolder } from '../../../../support/temporaryFolder.ts';

const fill = `
  CREATE TABLE t (id INTEGER PRIMARY KEY, value TEXT, blob BLOB);
  WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < 400)
    INSERT INTO t SELECT i, 'row ' || i || ' äöü 漢字', randomblob(i * 11) FROM c;
  CREATE INDEX by_value ON t (value);`;
const digest = `SELECT count(*) AS n, sum(length(blob)) AS bytes, max(value) AS last, group_concat(substr(hex(blob), 1, 8)) AS head FROM t`;

function make(path: string, before: string, sql = fill): DatabaseSync {
  const database = new DatabaseSync(path);
  database.exec('PRAGMA synchronous = OFF');
  database.exec(before);
  database.exec(sql);
  return database;
}

describe('A snapshot of every kind of file', function () {
  this.timeout(30_000);
  const folder = temporaryFolder();

  for (const pageSize of [512, 1024, 2048, 4096, 8192, 16_384, 32_768, 65_536]) {
    for (const journal of ['delete', 'wal']) {
      it(`pages of ${pageSize} bytes, ${journal}`, async () => {
        const path = join(folder(), 'a.db');
        const database = make(path, `PRAGMA page_size = ${pageSize}; PRAGMA journal_mode = ${journal}`);
        const expected = database
          .prepare(digest)
          .all()
          .map((row) => ({ ...row }));
        assert.deepEqual(await rowsOf(path, digest), expected);
        assert.deepEqual(await rowsOf(path, 'PRAGMA integrity_check'), [{ integrity_check: 'ok' }]);
        database.close();
        assert.deepEqual(await rowsOf(path, digest), expected);
      });
    }
  }

  for (const setting of [
    'PRAGMA auto_vacuum = 1',
    'PRAGMA auto_vacuum = 2',
    `PRAGMA encoding = 'UTF-16le'`,
    `PRAGMA encoding = 'UTF-16be'`,
  ]) {
    it(setting, async () => {
      const path = join(folder(), 'a.db');
      const database = make(path, setting);
      database.exec('DELETE FROM t WHERE id % 3 = 0; PRAGMA incremental_vacuum(5)');
      const expected = database
        .prepare(digest)
        .all()
        .map((row) => ({ ...row }));
      database.close();
      assert.deepEqual(await rowsOf(path, digest), expected);
      assert.deepEqual(await rowsOf(path, 'PRAGMA integrity_check'), [{ integrity_check: 'ok' }]);
    });
  }

  it('tables without row ids, and a schema larger than a page', async () => {
    const path = join(folder(), 'a.db');
    const tables = Array.from(
      { length: 200 },
      (_, i) => `CREATE TABLE w${i} (k TEXT PRIMARY KEY, v) WITHOUT ROWID;`,
    );
    make(path, '', `BEGIN; ${tables.join('')} INSERT INTO w150 VALUES ('b', 2), ('a', 1); COMMIT`).close();
    assert.deepEqual(await rowsOf(path, 'SELECT * FROM w150'), [
      { k: 'a', v: 1 },
      { k: 'b', v: 2 },
    ]);
  });

  it('a file of 0 bytes is an empty database', async () => {
    const path = join(folder(), 'a.db');
    writeFileSync(path, '');
    assert.deepEqual(await rowsOf(path, 'SELECT count(*) AS n FROM sqlite_master'), [{ n: 0 }]);
  });

  it('a file that grows from nothing while it is followed', async () => {
    const path = join(folder(), 'a.db');
    writeFileSync(path, '');
    const reader = await openSnapshots(path);
    const count = async () => (await readRows(reader, 'SELECT count(*) AS n FROM sqlite_master')).value[0]?.n;
    assert.equal(await count(), 0);
    make(path, '').close();
    assert.equal(await count(), 2);
    reader.close();
  });

  it('a file beyond 4 GiB, its rows behind a hole', async () => {
    const path = join(folder(), 'a.db');
    make(path, 'PRAGMA page_size = 65536', 'CREATE TABLE t (value TEXT)').close();
    // Two pages of real content, then free pages nobody reads: the table's root is moved to the far end.
    const far = 70_000;
    const fd = openSync(path, 'r+');
    const root = readFileSync(path).subarray(65_536, 131_072);
    ftruncateSync(fd, far * 65_536);
    writeSync(fd, root, 0, root.length, (far - 1) * 65_536);
    const count = Buffer.alloc(4);
    count.writeUInt32BE(far);
    writeSync(fd, count, 0, 4, 28);
    closeSync(fd);
    const database = new DatabaseSync(path, { defensive: false });
    database.exec(`PRAGMA writable_schema = 1; UPDATE sqlite_master SET rootpage = ${far}`);
    database.close();
    new DatabaseSync(path).exec(`INSERT INTO t VALUES ('beyond')`);
    assert.deepEqual(await rowsOf(path, 'SELECT value FROM t'), [{ value: 'beyond' }]);
  });

  it('what is no database', async () => {
    const path = join(folder(), 'a.db');
    for (const content of [
      'text',
      'x'.repeat(5000),
      'SQLite format 3\0',
      `SQLite format 3\0${'\xff'.repeat(600)}`,
    ]) {
      writeFileSync(path, content, 'latin1');
      await rejectsWith('not-sqlite', rowsOf(path, 'SELECT 1 FROM sqlite_master'));
    }
    await rejectsWith('not-a-file', rowsOf(folder(), 'SELECT 1'));
    await rejectsWith('not-found', rowsOf(join(folder(), 'none.db'), 'SELECT 1'));
  });

  it('a truncated file', async () => {
    const path = join(folder(), 'a.db');
    make(path, '').close();
    writeFileSync(path, readFileSync(path).subarray(0, 40_000));
    await rejectsWith('corrupt', rowsOf(path, digest));
  });

  it('a link: WAL and journal lie beside the real file', async () => {
    const path = join(folder(), 'a.db');
    const database = make(path, 'PRAGMA journal_mode = wal');
    const link = join(folder(), 'link.db');
    symlinkSync(path, link);
    assert.equal((await rowsOf(link, digest))[0]?.n, 400);
    database.close();
  });

  it('a copy without its WAL is what the main file holds', async () => {
    const path = join(folder(), 'a.db');
    const database = make(path, 'PRAGMA journal_mode = wal; PRAGMA wal_autocheckpoint = 0');
    copyFileSync(path, join(folder(), 'b.db'));
    assert.deepEqual(await rowsOf(join(folder(), 'b.db'), 'SELECT count(*) AS n FROM sqlite_master'), [
      { n: 0 },
    ]);
    database.close();
  });
});
