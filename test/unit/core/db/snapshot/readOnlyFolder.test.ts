import assert from 'node:assert/strict';
import { chmodSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { asOrdinaryUser } from '../../../../support/asOrdinaryUser.ts';
import { createLedger } from '../../../../support/faults/ledger.ts';
import { openSnapshots, readRows } from '../../../../support/openSnapshots.ts';
import { temporaryFolder } from '../../../../support/temporaryFolder.ts';

describe('A database in a folder that may not be written', () => {
  const folder = temporaryFolder();

  it('is read in WAL mode, committed frames included, where SQLite itself cannot open it', async () => {
    const path = join(folder(), 'ledger.db');
    createLedger(path, 'wal');
    const writer = new DatabaseSync(path);
    writer.exec('UPDATE counter SET entries = 42');
    const names = readdirSync(folder());
    for (const name of names) chmodSync(join(folder(), name), 0o444);
    chmodSync(folder(), 0o555);
    await asOrdinaryUser(async () => {
      const reader = await openSnapshots(path);
      assert.deepEqual((await readRows(reader, 'SELECT entries FROM counter')).value, [{ entries: 42 }]);
      reader.close();
    });
    assert.deepEqual(readdirSync(folder()), names);
    writer.close();
  });
});
