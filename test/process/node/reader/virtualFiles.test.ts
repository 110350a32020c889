import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { createDatabaseReader } from '../../../../src/node/reader/databaseReader.ts';
import type { VirtualFilesPort } from '../../../../src/reader/virtualFiles.ts';
import { silentLogger, workerUrl } from '../../../support/databaseReader.ts';
import { rejectsWith } from '../../../support/rejectsWith.ts';
import { temporaryFolder } from '../../../support/temporaryFolder.ts';

const uri = 'vscode-vfs://somewhere/a.db';

describe('Databases of a virtual file system', () => {
  const folder = temporaryFolder();
  let reads: string[];
  let files: VirtualFilesPort;

  beforeEach(() => {
    reads = [];
    const local = (path: string) => path.replace(uri, join(folder(), 'a.db'));
    files = {
      handles: (path) => path.startsWith('vscode-vfs:'),
      stamp: (path) => Promise.resolve(existsSync(local(path)) ? readFileSync(local(path), 'base64') : null),
      read(path) {
        reads.push(path);
        return Promise.resolve(readFileSync(local(path)));
      },
    };
  });

  it('are read whole, WAL included, and again only when they changed', async () => {
    const database = new DatabaseSync(join(folder(), 'a.db'));
    database.exec(
      `PRAGMA journal_mode = wal; CREATE TABLE runs (id TEXT, state TEXT); INSERT INTO runs VALUES ('a', 'x')`,
    );
    const reader = createDatabaseReader({ workerUrl, logger: silentLogger, virtualFiles: files });
    const ids = async () => (await reader.request(uri, 'listRuns', null)).value.map(({ id }) => id);
    assert.deepEqual(await ids(), ['a']);
    assert.deepEqual(await ids(), ['a']);
    assert.deepEqual(reads, [uri, `${uri}-wal`]);
    database.exec(`INSERT INTO runs VALUES ('b', 'x')`);
    assert.deepEqual(await ids(), ['a', 'b']);
    database.close();
    assert.deepEqual(await ids(), ['a', 'b']);
    await reader.dispose();
  });

  it('were written when their file system says so, and at no time that is known where it does not', async () => {
    new DatabaseSync(join(folder(), 'a.db')).exec('CREATE TABLE runs (id TEXT, state TEXT)');
    const written = Date.UTC(2026, 10, 28);
    for (const [told, expected] of [
      [{ modifiedAt: () => Promise.resolve(written) }, written],
      [{}, 0],
    ] as const) {
      const reader = createDatabaseReader({
        workerUrl,
        logger: silentLogger,
        virtualFiles: { ...files, ...told },
      });
      const { value } = await reader.request(uri, 'identity', null);
      assert.equal(Math.trunc(value.modifiedAt), expected);
      await reader.dispose();
    }
  });

  it('are not found where there are none', async () => {
    const reader = createDatabaseReader({ workerUrl, logger: silentLogger, virtualFiles: files });
    await rejectsWith('not-found', reader.request(uri, 'listRuns', null));
    await reader.dispose();
  });

  it('are busy while they change faster than they are read', async () => {
    let changes = 0;
    const moving = {
      ...files,
      stamp: () => Promise.resolve(String(changes++)),
      read: () => Promise.resolve(new Uint8Array()),
    };
    const reader = createDatabaseReader({ workerUrl, logger: silentLogger, virtualFiles: moving });
    await rejectsWith('busy', reader.request(uri, 'listRuns', null));
    await reader.dispose();
  });
});
