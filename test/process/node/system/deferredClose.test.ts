import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { fstatSync, openSync, readdirSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setImmediate } from 'node:timers/promises';
import type { PrivateCopyPort } from '../../../../src/core/db/snapshot/snapshotReader.ts';
import { findDatabases } from '../../../../src/node/watch/findDatabases.ts';
import { closeWhenUnlocked } from '../../../../src/node/system/deferredClose.ts';
import { CommitWatch } from '../../../../src/node/maintenance/commitWatch.ts';
import { createDatabaseReader } from '../../../../src/node/reader/databaseReader.ts';
import { KeptCopies } from '../../../../src/node/reader/backupCopies.ts';
import { ThreadFiles } from '../../../../src/node/reader/nodeThread.ts';
import { Connection } from '../../../../src/node/writer/databaseWriter.ts';
import type { DatabaseReader } from '../../../../src/protocol/readerProtocol.ts';
import { silentLogger, workerUrl } from '../../../support/databaseReader.ts';
import { temporaryFolder } from '../../../support/temporaryFolder.ts';
import { skipBecause } from '../../../support/skipBecause.ts';

const writeElsewhere = `
  const { DatabaseSync } = require('node:sqlite');
  const database = new DatabaseSync(process.argv[1], { timeout: 0 });
  try { database.exec("BEGIN IMMEDIATE; INSERT INTO runs VALUES ('b', 'QUEUED'); COMMIT"); console.log('written'); }
  catch (error) { console.log(error.message); }`;

/** What comes of a write by another process. */
function attempt(path: string): string {
  return execFileSync(process.execPath, ['-e', writeElsewhere, path]).toString().trim();
}

/** How often this process has a file open; only Linux tells. */
function timesOpen(path: string): number {
  const links = readdirSync('/proc/self/fd').map((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`);
    } catch {
      return ''; // The one that listed them.
    }
  });
  return links.filter((link) => link === path).length;
}

describe('A file closed while this process writes to its database', function () {
  this.timeout(20_000);
  const folder = temporaryFolder();
  const readers: DatabaseReader[] = [];
  afterEach(() => Promise.all(readers.splice(0).map((reader) => reader.dispose())));

  const make = (name: string, mode: string): string => {
    const path = join(folder(), name);
    const database = new DatabaseSync(path);
    database.exec(`PRAGMA journal_mode = ${mode}; CREATE TABLE runs (id TEXT PRIMARY KEY, state TEXT)`);
    database.exec('CREATE TABLE phases (run_id TEXT, phase_id TEXT, state TEXT)');
    database.close();
    return path;
  };

  /** Something that has the file open, and what makes it close it. */
  type Close = () => void | Promise<void>;
  type Closer = (path: string) => Close | Promise<Close>;
  const withReader = async (path: string): Promise<DatabaseReader> => {
    const reader = createDatabaseReader({ workerUrl, logger: silentLogger });
    readers.push(reader);
    await reader.request(path, 'listRuns', null);
    return reader;
  };
  const closers: Record<string, Closer> = {
    'a reader that is disposed of': async (path) => {
      const reader = await withReader(path);
      return () => reader.dispose();
    },
    'a reader that opens others': async (path) => {
      const reader = await withReader(path);
      return async () => {
        for (const name of ['b', 'c', 'd', 'e']) await reader.request(make(name, 'delete'), 'listRuns', null);
      };
    },
    'the search for databases': (path) => async () => {
      const found = [];
      for await (const each of findDatabases({ folders: [folder()] })) found.push(each.path);
      assert.deepEqual(found, [path]);
    },
    'the watch for commits': (path) => {
      const watch = new CommitWatch(path);
      watch.fingerprint();
      return () => watch.close();
    },
  };

  for (const [name, opened] of Object.entries(closers)) {
    for (const mode of ['delete', 'wal']) {
      it(`leaves the lock to the writer: ${name}, in mode ${mode}`, async () => {
        const path = make('a.db', mode);
        const close = await opened(path);
        const writer = new Connection(path);
        try {
          writer.run('BEGIN IMMEDIATE');
          writer.run("INSERT INTO runs VALUES ('a', 'QUEUED')");
          await close();
          assert.equal(attempt(path), 'database is locked');
          writer.run('COMMIT');
          assert.equal(writer.all('SELECT id FROM runs').length, 1);
        } finally {
          writer.close();
        }
        if (process.platform === 'linux') assert.equal(timesOpen(path), 0);
        assert.equal(attempt(path), 'written');
        const database = new DatabaseSync(path);
        assert.equal(database.prepare('SELECT id FROM runs').all().length, 2);
        database.close();
      });
    }
  }

  it('keeps the locks while a thread of the reader copies databases, until the last is copied', async () => {
    const path = make('a.db', 'delete');
    const files = new ThreadFiles();
    const finish: (() => void)[] = [];
    const slow: PrivateCopyPort = {
      copy: () =>
        new Promise((resolve) => finish.push(() => resolve({ path, remove: () => Promise.resolve() }))),
    };
    const copies = new KeptCopies(slow, (kind) => files.handle({ kind }));
    const copying = [copies.copy(path), copies.copy(path)];
    assert.equal(finish.length, 0, 'Nothing is copied before the host has answered.');
    copies.onKept();
    copies.onKept();
    await setImmediate();
    const descriptor = openSync(path, 'r');
    closeWhenUnlocked(descriptor);
    finish[0]?.();
    await copying[0];
    assert.equal(fstatSync(descriptor).isFile(), true);
    finish[1]?.();
    await copying[1];
    assert.throws(() => fstatSync(descriptor), { code: 'EBADF' });
  });

  it('keeps them no longer than the thread lives', () => {
    const path = make('a.db', 'delete');
    const files = new ThreadFiles();
    for (let copies = 0; copies < 2; copies++) files.handle({ kind: 'keep' });
    const descriptor = openSync(path, 'r');
    closeWhenUnlocked(descriptor);
    assert.equal(fstatSync(descriptor).isFile(), true);
    files.dispose();
    assert.throws(() => fstatSync(descriptor), { code: 'EBADF' });
  });

  it('closes at once where nobody writes', async function () {
    if (process.platform !== 'linux') skipBecause(this, 'only Linux tells of locks');
    const path = make('a.db', 'delete');
    const reader = await withReader(path);
    assert.equal(timesOpen(path), 1);
    await reader.dispose();
    assert.equal(timesOpen(path), 0);
  });
});
