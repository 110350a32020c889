import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as wait } from 'node:timers/promises';
import type {
  PrivateCopyPort,
  SnapshotReaderLimits,
} from '../../../../../src/core/db/snapshot/snapshotReader.ts';
import type { SourceFile, SourceFiles } from '../../../../../src/core/db/snapshot/sourceFiles.ts';
import { CancelledError } from '../../../../../src/core/errors.ts';
import type { QueryContext } from '../../../../../src/core/db/scan/queryContext.ts';
import { backupCopies } from '../../../../../src/node/reader/backupCopies.ts';
import { nodeFiles } from '../../../../../src/node/reader/nodeFiles.ts';
import { openSnapshots } from '../../../../support/openSnapshots.ts';
import { rejectsWith } from '../../../../support/rejectsWith.ts';
import { temporaryFolder } from '../../../../support/temporaryFolder.ts';

const limits: SnapshotReaderLimits = { cacheBytes: 1024 * 1024, busyTimeoutMs: 50 };

for (const mode of ['delete', 'wal']) {
  describe(`A database that never settles, ${mode}`, () => {
    const folder = temporaryFolder();
    let path: string;
    let writer: DatabaseSync;
    let copied: string[];
    let copies: PrivateCopyPort;
    /** As long as it is on, a commit follows every read of the original. */
    let restless: boolean;

    beforeEach(() => {
      path = join(folder(), 'a.db');
      writer = new DatabaseSync(path);
      writer.exec(`PRAGMA journal_mode = ${mode}; PRAGMA wal_autocheckpoint = 5; PRAGMA synchronous = OFF;
        CREATE TABLE t (x); INSERT INTO t VALUES (0), (0), (0)`);
      copied = [];
      restless = true;
      copies = {
        async copy(of) {
          const copy = await backupCopies.copy(of);
          copied.push(copy.path);
          return copy;
        },
      };
    });

    afterEach(() => writer.close());

    const files: SourceFiles = {
      ...nodeFiles,
      open(name) {
        const file = nodeFiles.open(name);
        return file === null || !name.startsWith(path) ? file : disturbed(file);
      },
    };

    function disturbed(file: SourceFile): SourceFile {
      return {
        stamp: () => file.stamp(),
        close: () => file.close(),
        read(position, target) {
          const read = file.read(position, target);
          if (restless) writer.exec('UPDATE t SET x = x + 1');
          return read;
        },
      };
    }

    function sums({ db }: QueryContext): unknown[] {
      return ['sum', 'max'].map((what) => db.all(`SELECT ${what}(x) AS value FROM t`)[0]?.value);
    }

    it('is said to be busy, after a bounded time', async () => {
      const reader = await openSnapshots(path, { files, copies }, limits);
      const start = Date.now();
      await rejectsWith('busy', reader.read({ key: 'short', run: sums }));
      assert.ok(Date.now() - start < 1000);
      assert.deepEqual(copied, []);
      restless = false;
      const [sum, max] = (await reader.read({ key: 'calm', run: sums })).value;
      assert.equal(sum, 3 * Number(max));
      reader.close();
    });

    it('is read from a private copy where reading takes long, which is deleted', async () => {
      const reader = await openSnapshots(path, { files, copies }, limits);
      const { value, readFrom, version } = await reader.read({ key: 'long', run: sums, isLong: true });
      restless = false;
      assert.equal(value[0], 3 * Number(value[1]));
      assert.equal(readFrom, 'copy');
      const after = reader.version();
      assert.notEqual(version.token, after.token);
      assert.equal(version.fileId, after.fileId);
      assert.equal(copied.length, 1);
      assert.equal(existsSync(copied[0] ?? ''), false);
      reader.close();
    });

    it('does not keep anyone waiting for a copy that is no longer wanted, and deletes it', async () => {
      let cancelled = false;
      const events = new EventEmitter();
      const [copyEnds, removed] = [once(events, 'end of copy'), once(events, 'removed')];
      copies = {
        async copy() {
          cancelled = true;
          await copyEnds;
          const remove = () => {
            events.emit('removed');
            return Promise.resolve();
          };
          return { path, remove };
        },
      };
      const checkCancelled = () => {
        if (cancelled) throw new CancelledError('Reading');
      };
      const reader = await openSnapshots(path, { files, copies }, limits);
      await assert.rejects(
        reader.read({ key: 'long', run: sums, isLong: true, checkCancelled }),
        CancelledError,
      );
      assert.equal(await Promise.race([removed, wait(0, 'not removed yet')]), 'not removed yet');
      events.emit('end of copy');
      await removed;
      reader.close();
    });
  });
}
