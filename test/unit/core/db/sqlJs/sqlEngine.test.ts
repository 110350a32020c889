import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { ByteImage } from '../../../../../src/core/db/databasePorts.ts';
import { SqlError } from '../../../../../src/core/db/sqlJs/sqlJsDatabase.ts';
import { openSnapshots, readRows, testEngine } from '../../../../support/openSnapshots.ts';
import { temporaryFolder } from '../../../../support/temporaryFolder.ts';

const sum = 'SELECT count(*) AS n, sum(length(body)) AS bytes FROM docs';

describe('sql.js, read on demand', () => {
  const folder = temporaryFolder();
  let bytes: Buffer;

  beforeEach(() => {
    const path = join(folder(), 'a.db');
    const database = new DatabaseSync(path);
    database.exec(`CREATE TABLE docs (id INTEGER PRIMARY KEY, body TEXT);
      WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)
        INSERT INTO docs SELECT i, hex(randomblob(200)) FROM n;`);
    database.close();
    bytes = readFileSync(path);
  });

  /** An image that counts the bytes asked of it. */
  function counted(fail: () => boolean = () => false): ByteImage & { asked: number } {
    const image = {
      byteLength: bytes.length,
      asked: 0,
      read(position: number, length: number) {
        if (fail()) throw new Error('the disk is gone');
        image.asked += length;
        return bytes.subarray(position, position + length);
      },
    };
    return image;
  }

  it('is the version the technique was proved with', () => {
    // Another one may do more with its bytes than `length`, `slice` and `subarray`: run these tests, then change this line.
    const manifest = join(createRequire(import.meta.url).resolve('sql.js'), '../../package.json');
    const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string };
    assert.equal(version, '1.16.0');
  });

  it('asks only for the pages that a query needs', async () => {
    const engine = await testEngine();
    assert.equal(engine.readsOnDemand, true);
    const image = counted();
    const db = engine.open(image);
    assert.equal(db.all('SELECT id FROM docs WHERE id = 1700')[0]?.id, 1700);
    assert.ok(image.asked < 40_000, `${image.asked} of ${bytes.length} bytes`);
    assert.deepEqual(db.all(sum), [{ n: 2000, bytes: 800_000 }]);
    db.close();
  });

  it('keeps no memory of what it could not open, however often that is tried', async function () {
    this.timeout(30_000);
    const engine = await testEngine();
    const damaged = Buffer.from(bytes.subarray(0, 4096)).fill(7, 100);
    const open = (): unknown =>
      engine.open({ byteLength: 4096, read: (from, length) => damaged.subarray(from, from + length) });
    // Each that was kept took 140 KiB, of 512 MiB for all.
    for (let time = 0; time < 4500; time += 1) assert.throws(open, /malformed/, `${time}`);
    const db = engine.open(counted());
    assert.deepEqual(db.all(sum), [{ n: 2000, bytes: 800_000 }]);
    db.close();
  });

  it('ends a query when a read fails, with what the read threw, and goes on afterwards', async () => {
    let failing = false;
    const db = (await testEngine()).open(counted(() => failing));
    db.all('SELECT 1 FROM docs LIMIT 1');
    failing = true;
    assert.throws(() => db.all(sum), { message: 'the disk is gone' });
    failing = false;
    assert.deepEqual(db.all(sum), [{ n: 2000, bytes: 800_000 }]);
    db.close();
  });

  it('tells errors of SQLite from those of whoever takes the rows', async () => {
    const db = (await testEngine()).open(counted());
    assert.throws(() => db.all('SELECT nothing FROM docs'), SqlError);
    const mine = new Error('mine');
    const thrower = () => {
      throw mine;
    };
    assert.throws(() => db.each('SELECT id FROM docs', [], thrower), mine);
    assert.throws(() => db.all('DELETE FROM docs'), SqlError);
    db.close();
  });

  it('copies the image whole where reading on demand does not work', async () => {
    const engine = (await testEngine()).copying();
    const image = counted();
    const db = engine.open(image);
    assert.equal(image.asked, bytes.length);
    assert.deepEqual(db.all(sum), [{ n: 2000, bytes: 800_000 }]);
    db.close();
  });

  it('answers from whole copies as it does on demand, and follows the file', async () => {
    const path = join(folder(), 'a.db');
    const writer = new DatabaseSync(path);
    const reader = await openSnapshots(path, { engine: (await testEngine()).copying() });
    const count = async () => (await readRows(reader, sum)).value[0]?.n;
    assert.equal(await count(), 2000);
    writer.exec('DELETE FROM docs WHERE id > 500');
    assert.equal(await count(), 500);
    writer.exec('PRAGMA journal_mode = wal; DELETE FROM docs WHERE id > 400');
    assert.equal(await count(), 400);
    reader.close();
    writer.close();
  });
});
