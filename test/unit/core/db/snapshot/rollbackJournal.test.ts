import assert from 'node:assert/strict';
import { copyFileSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { RollbackJournal } from '../../../../../src/core/db/snapshot/rollbackJournal.ts';
import type { SourceFile } from '../../../../../src/core/db/snapshot/sourceFiles.ts';
import { nodeFiles } from '../../../../../src/node/reader/nodeFiles.ts';
import { createLedger } from '../../../../support/faults/ledger.ts';
import { temporaryFolder } from '../../../../support/temporaryFolder.ts';

const pageSize = 1024;

/** What only a writer in the middle of its work shows: the journal moves while it is read. */
describe('A rollback journal whose transaction goes on', () => {
  const folder = temporaryFolder();
  let path: string;
  let writer: DatabaseSync;

  beforeEach(() => {
    path = join(folder(), 'a.db-journal');
    createLedger(join(folder(), 'a.db'), 'persist');
    writer = new DatabaseSync(join(folder(), 'a.db'));
    // Without syncs the header does not say how many records there are.
    writer.exec(`PRAGMA journal_mode = persist; PRAGMA synchronous = OFF; PRAGMA cache_size = 3;
      INSERT INTO entries (note) SELECT hex(zeroblob(200)) FROM left_accounts;
      BEGIN; UPDATE entries SET amount = 1; UPDATE left_accounts SET value = 1; UPDATE right_accounts SET value = 1; COMMIT;
      BEGIN; UPDATE left_accounts SET value = 2`);
  });

  afterEach(() => writer.close());

  function open(file: SourceFile): RollbackJournal {
    const journal = RollbackJournal.open(file, pageSize, () => false);
    assert.ok(journal !== null);
    return journal;
  }

  function openFile(): SourceFile {
    const file = nodeFiles.open(path);
    assert.ok(file !== null);
    return file;
  }

  it('is current and intact while nothing happens', () => {
    const file = openFile();
    const journal = open(file);
    assert.equal(journal.isCurrent(file.stamp()), true);
    assert.equal(journal.isIntact(file.stamp()), true);
    file.close();
  });

  it('is no longer current when records are written over old ones, though its size and time are the same', () => {
    const file = openFile();
    const stamp = file.stamp();
    const journal = open(file);
    writer.exec('UPDATE right_accounts SET value = 2');
    assert.equal(file.stamp().size, stamp.size);
    assert.equal(journal.isCurrent(stamp), false);
    assert.notEqual(open(file).position, journal.position);
    file.close();
  });

  it('is not intact when it was cut, or begun anew, while it was read', () => {
    const whole = readFileSync(path);
    const copy = join(folder(), 'copy');
    for (const interrupt of [() => truncateSync(path, 0), () => copyFileSync(copy, path)]) {
      writeFileSync(path, whole);
      writeFileSync(copy, Buffer.concat([whole.subarray(0, 12), Buffer.from('anew'), whole.subarray(16)]));
      const file = openFile();
      let reads = 0;
      const interrupted: SourceFile = {
        stamp: () => file.stamp(),
        close: () => file.close(),
        read(position, target) {
          // The header has been read, and some of the records.
          if (++reads === 6) interrupt();
          return file.read(position, target);
        },
      };
      const journal = open(interrupted);
      assert.ok(reads > 5);
      assert.equal(journal.isIntact(file.stamp()), false);
      file.close();
    }
  });
});
