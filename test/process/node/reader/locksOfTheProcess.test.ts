import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { createDatabaseReader } from '../../../../src/node/reader/databaseReader.ts';
import { silentLogger, workerUrl } from '../../../support/databaseReader.ts';
import { temporaryFolder } from '../../../support/temporaryFolder.ts';

const writeElsewhere = `
  const { DatabaseSync } = require('node:sqlite');
  const database = new DatabaseSync(process.argv[1], { timeout: 0 });
  try { database.exec("INSERT INTO runs VALUES ('c', 'QUEUED')"); console.log('written'); }
  catch (error) { console.log(error.message); }`;

describe('The reader, beside a writer of the same process', function () {
  this.timeout(20_000);
  const folder = temporaryFolder();

  /** What comes of a write by another process. */
  const attempt = (path: string): string =>
    execFileSync(process.execPath, ['-e', writeElsewhere, path]).toString().trim();

  for (const mode of ['delete', 'wal']) {
    it(`leaves the lock of the writer alone, whatever it is asked meanwhile, in mode ${mode}`, async () => {
      const path = join(folder(), 'a.db');
      const writer = new DatabaseSync(path);
      writer.exec(`PRAGMA journal_mode = ${mode}; CREATE TABLE runs (id TEXT PRIMARY KEY, state TEXT)`);
      writer.exec('CREATE TABLE phases (run_id TEXT, phase_id TEXT, state TEXT)');
      const reader = createDatabaseReader({ workerUrl, logger: silentLogger });
      await reader.request(path, 'listRuns', null);
      writer.exec("BEGIN IMMEDIATE; INSERT INTO runs VALUES ('a', 'QUEUED')");
      for (let times = 0; times < 3; times++) await reader.request(path, 'listRuns', null);
      assert.equal(attempt(path), 'database is locked');
      writer.exec('COMMIT; BEGIN IMMEDIATE');
      assert.equal((await reader.request(path, 'listRuns', null)).value.length, 1);
      assert.equal(attempt(path), 'database is locked');
      writer.close();
      await reader.dispose();
    });
  }
});
