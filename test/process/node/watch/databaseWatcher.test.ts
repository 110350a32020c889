import assert from 'node:assert/strict';
import { copyFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as wait } from 'node:timers/promises';
import { DatabaseWatcher, type DatabaseEvent } from '../../../../src/node/watch/databaseWatcher.ts';
import { openSnapshots } from '../../../support/openSnapshots.ts';
import { silentLogger } from '../../../support/databaseReader.ts';
import { temporaryFolder } from '../../../support/temporaryFolder.ts';
import type { SnapshotReader } from '../../../../src/core/db/snapshot/snapshotReader.ts';

/** What a person waits at most to see a commit, in ms. */
const timeoutMs = 2000;

for (const follow of ['file events', 'polling'] as const) {
  describe(`The watcher, by ${follow}`, () => {
    const folder = temporaryFolder();
    let path: string;
    let snapshots: SnapshotReader;
    let watcher: DatabaseWatcher;
    let events: DatabaseEvent[];

    beforeEach(async () => {
      path = join(folder(), 'a.db');
      make(path);
      snapshots = await openSnapshots(path);
      events = [];
    });

    afterEach(() => {
      watcher.dispose();
      snapshots.close();
    });

    async function start(
      options: Partial<ConstructorParameters<typeof DatabaseWatcher>[0]> = {},
    ): Promise<void> {
      watcher = new DatabaseWatcher({
        path,
        // The product asks a thread; what it asks is the same.
        reader: {
          request: async () => ({
            value: null as never,
            version: await Promise.resolve(snapshots.version()),
            warnings: [],
          }),
        },
        onEvent: (event) => events.push(event),
        logger: silentLogger,
        pollMs: follow === 'polling' ? 200 : 60_000,
        followEvents: follow === 'file events',
        ...options,
      });
      await wait(150);
    }

    async function nextEvent(): Promise<DatabaseEvent['kind'] | 'none'> {
      const end = Date.now() + timeoutMs;
      while (Date.now() < end) {
        const event = events.shift();
        if (event !== undefined) return event.kind;
        await wait(5);
      }
      return 'none';
    }

    for (const mode of ['delete', 'wal', 'persist']) {
      it(`tells of a commit, and of nothing else, ${mode}`, async () => {
        const database = new DatabaseSync(path);
        database.exec(`PRAGMA journal_mode = ${mode}; INSERT INTO t VALUES (0)`);
        await start();
        database.exec('BEGIN; INSERT INTO t VALUES (1)');
        await wait(300);
        assert.deepEqual(events, []);
        database.exec('COMMIT');
        assert.equal(await nextEvent(), 'changed');
        assert.equal(await quiet(), 0);
        database.close();
      });
    }

    it('sums up a burst of commits', async () => {
      const database = new DatabaseSync(path);
      database.exec('PRAGMA journal_mode = wal');
      await start();
      for (let i = 0; i < 40; i++) {
        database.exec(`INSERT INTO t VALUES (${i})`);
        await wait(5);
      }
      assert.equal(await nextEvent(), 'changed');
      assert.ok((await quiet()) < 8);
      database.close();
    });

    it('tells that the file was replaced, vanished, and came back', async () => {
      const other = join(folder(), 'b.db');
      make(other);
      await start();
      renameSync(other, path);
      assert.equal(await nextEvent(), 'replaced');
      copyFileSync(path, other);
      rmSync(path);
      assert.equal(await nextEvent(), 'vanished');
      renameSync(other, path);
      assert.equal(await nextEvent(), 'appeared');
      assert.equal(await quiet(), 0);
    });

    it('tells of a change since the state its owner has read', async () => {
      const since = snapshots.version();
      const database = new DatabaseSync(path);
      database.exec('INSERT INTO t VALUES (9)');
      database.close();
      await start({ since });
      assert.equal(await nextEvent(), 'changed');
    });

    it('waits for a file that is not there yet', async () => {
      rmSync(path);
      await start();
      make(path);
      assert.equal(await nextEvent(), 'appeared');
    });

    it('tells nothing more once it is disposed of', async () => {
      await start();
      watcher.dispose();
      const database = new DatabaseSync(path);
      database.exec('INSERT INTO t VALUES (1)');
      database.close();
      assert.equal(await quiet(), 0);
    });

    /** How many events come in the next half second. */
    async function quiet(): Promise<number> {
      await wait(500);
      return events.length;
    }
  });
}

function make(path: string): void {
  const database = new DatabaseSync(path);
  database.exec('CREATE TABLE t (x)');
  database.close();
}
