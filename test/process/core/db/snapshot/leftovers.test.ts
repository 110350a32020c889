import assert from 'node:assert/strict';
import { appendFileSync, copyFileSync, existsSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { createLedger, wholeLedger } from '../../../../support/faults/ledger.ts';
import type { JournalMode } from '../../../../support/faults/ledger.ts';
import { assertSameAnswer, nativeAnswer, ourAnswer } from '../../../../support/faults/nativeAnswer.ts';
import { rowsOf } from '../../../../support/openSnapshots.ts';
import { temporaryFolder } from '../../../../support/temporaryFolder.ts';

const change = 'UPDATE left_accounts SET value = value + 1, note = hex(randomblob(70));';
const more = `WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < 300)
  INSERT INTO entries (amount, note) SELECT i, hex(randomblob(200)) FROM c;`;

describe('What an unfinished or unusual writer leaves beside the file', function () {
  this.timeout(30_000);
  const folder = temporaryFolder();
  const live = () => join(folder(), 'ledger.db');
  const left = () => join(folder(), 'left.db');

  /** Copies the files as they lie there, as a killed writer would leave them. */
  function leave(): void {
    for (const suffix of ['', '-journal', '-wal']) {
      if (existsSync(live() + suffix)) copyFileSync(live() + suffix, left() + suffix);
    }
  }

  function open(mode: JournalMode, ...setup: string[]): DatabaseSync {
    createLedger(live(), mode);
    const database = new DatabaseSync(live());
    database.exec(`PRAGMA journal_mode = ${mode}; PRAGMA cache_size = 5; PRAGMA wal_autocheckpoint = 0;`);
    for (const sql of setup) database.exec(sql);
    return database;
  }

  async function agrees(): Promise<void> {
    const ours = await ourAnswer(left(), wholeLedger);
    assertSameAnswer(ours, nativeAnswer(left(), wholeLedger));
  }

  for (const mode of ['delete', 'truncate', 'persist'] as const) {
    for (const synchronous of ['OFF', 'NORMAL', 'FULL']) {
      it(`a hot journal, ${mode}, synchronous ${synchronous}`, async () => {
        const database = open(mode, `PRAGMA synchronous = ${synchronous}`, change);
        const before = nativeAnswer(live(), wholeLedger);
        database.exec(`BEGIN; ${change} ${more} ${change}`);
        leave();
        assert.deepEqual(await ourAnswer(left(), wholeLedger), before);
        await agrees();
        database.close();
      });
    }
  }

  it('a journal cut in the middle of a record, and one with a record overwritten', async () => {
    const database = open('delete', 'PRAGMA synchronous = OFF');
    database.exec(`BEGIN; ${change} ${more}`);
    leave();
    const whole = readFileSync(`${left()}-journal`);
    for (const cut of [10, 28, 500, 600, 3000, whole.length - 5]) {
      writeFileSync(`${left()}-journal`, whole.subarray(0, cut));
      await agrees();
    }
    const damaged = Buffer.from(whole);
    damaged.fill(0x55, 4000, 6000);
    writeFileSync(`${left()}-journal`, damaged);
    await agrees();
  });

  it('a journal whose header a PERSIST commit has zeroed', async () => {
    open('persist', change, change).close();
    assert.ok(readFileSync(`${live()}-journal`).length > 0);
    leave();
    await agrees();
  });

  it('a super-journal that is there, and one that is gone', async () => {
    const database = open('delete', change);
    database.exec(`BEGIN; ${change} ${more}`);
    leave();
    const superJournal = join(folder(), 'süper-mj123');
    appendFileSync(`${left()}-journal`, superJournalRecord(superJournal));
    const gone = await ourAnswer(left(), wholeLedger);
    assertSameAnswer(gone, nativeAnswer(left(), wholeLedger));
    writeFileSync(superJournal, `${left()}-journal\0`);
    const there = await ourAnswer(left(), wholeLedger);
    assert.notDeepEqual(there, gone);
    assertSameAnswer(there, nativeAnswer(left(), wholeLedger));
  });

  it('committed frames, and uncommitted ones behind them', async () => {
    const database = open('wal', change, change);
    const before = nativeAnswer(live(), wholeLedger);
    database.exec(`BEGIN; ${change} ${more}`);
    leave();
    assert.deepEqual(await ourAnswer(left(), wholeLedger), before);
    await agrees();
  });

  it('a WAL that was started anew over its old frames', async () => {
    const database = open('wal', change, more, change, 'PRAGMA wal_checkpoint(RESTART)', change);
    leave();
    await agrees();
    database.exec('UPDATE counter SET entries = 1');
    leave();
    await agrees();
  });

  it('a WAL after VACUUM, and after pages were given back', async () => {
    const database = open('wal', more, 'DELETE FROM entries', 'VACUUM', change);
    leave();
    await agrees();
    database.exec('PRAGMA wal_checkpoint(PASSIVE)');
    leave();
    await agrees();
  });

  it('a WAL cut anywhere, of zeros, of no length, of another database', async () => {
    const database = open('wal', change, change, more);
    leave();
    const whole = readFileSync(`${left()}-wal`);
    for (const cut of [0, 1, 31, 32, 40, 56, 1079, 1080, 5000, whole.length >> 1, whole.length - 1]) {
      truncateSync(`${left()}-wal`, cut);
      await agrees();
      writeFileSync(`${left()}-wal`, whole);
    }
    writeFileSync(`${left()}-wal`, Buffer.alloc(9000));
    await agrees();
    database.close();
    const foreign = join(folder(), 'foreign.db');
    createLedger(foreign, 'wal');
    const other = new DatabaseSync(foreign);
    other.exec(change);
    copyFileSync(`${foreign}-wal`, `${left()}-wal`);
    await agrees();
    other.close();
  });

  it('a WAL with checksums in the other byte order', async () => {
    open('wal', change, change);
    leave();
    writeFileSync(`${left()}-wal`, bigEndianWal(readFileSync(`${live()}-wal`)));
    assert.ok('text' in nativeAnswer(left(), wholeLedger));
    await agrees();
  });

  it('a WAL beside a file that is not in WAL mode', async () => {
    const database = open('wal', change);
    leave();
    database.close();
    const main = readFileSync(left());
    main[18] = main[19] = 1;
    writeFileSync(left(), main);
    await agrees();
  });

  it('an empty file with a journal and a WAL of no meaning', async () => {
    writeFileSync(left(), '');
    writeFileSync(`${left()}-journal`, 'x'.repeat(2000));
    writeFileSync(`${left()}-wal`, 'x'.repeat(2000));
    assert.deepEqual(await rowsOf(left(), 'SELECT count(*) AS n FROM sqlite_master'), [{ n: 0 }]);
  });
});

/** https://www.sqlite.org/fileformat2.html#the_rollback_journal: the name at the end of a journal that has company. */
function superJournalRecord(name: string): Buffer {
  const bytes = Buffer.from(name);
  const record = Buffer.alloc(4 + bytes.length + 16);
  record.writeUInt32BE(0x40000000 / 1024 + 1, 0);
  bytes.copy(record, 4);
  const sum = bytes.reduce((total, byte) => total + (byte > 127 ? byte - 256 : byte), 0);
  record.writeUInt32BE(bytes.length, 4 + bytes.length);
  record.writeUInt32BE(sum >>> 0, 8 + bytes.length);
  Buffer.from('d9d505f920a163d7', 'hex').copy(record, 12 + bytes.length);
  return record;
}

/** The same WAL with its checksums as a big-endian machine computes them. */
function bigEndianWal(wal: Buffer): Buffer {
  const pageSize = wal.readUInt32BE(8);
  const out = Buffer.from(wal);
  let sums: [number, number] = [0, 0];
  const add = (part: Buffer): void => {
    let [a, b] = sums;
    for (let i = 0; i < part.length; i += 8) {
      a = (a + part.readUInt32BE(i) + b) >>> 0;
      b = (b + part.readUInt32BE(i + 4) + a) >>> 0;
    }
    sums = [a, b];
  };
  out.writeUInt32BE(0x377f0683, 0);
  add(out.subarray(0, 24));
  out.writeUInt32BE(sums[0], 24);
  out.writeUInt32BE(sums[1], 28);
  for (let at = 32; at + 24 + pageSize <= out.length; at += 24 + pageSize) {
    add(out.subarray(at, at + 8));
    add(out.subarray(at + 24, at + 24 + pageSize));
    out.writeUInt32BE(sums[0], at + 16);
    out.writeUInt32BE(sums[1], at + 20);
  }
  return out;
}
