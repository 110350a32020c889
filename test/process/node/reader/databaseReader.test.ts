import assert from 'node:assert/strict';
import { chmodSync, copyFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as wait } from 'node:timers/promises';
import { UserFacingError } from '../../../../src/core/errors.ts';
import { createDatabaseReader } from '../../../../src/node/reader/databaseReader.ts';
import { nodeFiles } from '../../../../src/node/reader/nodeFiles.ts';
import type { DatabaseReader } from '../../../../src/protocol/readerProtocol.ts';
import { asOrdinaryUser } from '../../../support/asOrdinaryUser.ts';
import { silentLogger, workerUrl } from '../../../support/databaseReader.ts';
import { rejectsWith } from '../../../support/rejectsWith.ts';
import { temporaryFolder } from '../../../support/temporaryFolder.ts';

const small = `
  CREATE TABLE runs (id TEXT PRIMARY KEY, state TEXT, created_at TEXT);
  CREATE TABLE phases (id INTEGER PRIMARY KEY, run_id TEXT, phase_id TEXT, phase_index INTEGER, state TEXT);
  INSERT INTO runs VALUES ('a', 'queued', '2025-01-02 03:04:05'), ('b', 'DONE_SUCCESS', '2025-01-03T00:00:00Z');
  INSERT INTO phases VALUES (1, 'a', 'p2', 2, 'queued'), (2, 'a', 'p1', 1, 'FAILED'), (3, 'b', 'p1', 1, 'Complete'), (4, 'lost', 'p', 0, 'odd one')`;
const stubbornWorkerUrl = new URL('../../../support/stubbornWorker.ts', import.meta.url);

describe('The reader and its thread', () => {
  const folder = temporaryFolder();
  let reader: DatabaseReader;
  let path: string;

  beforeEach(() => {
    reader = createDatabaseReader({ workerUrl, logger: silentLogger });
    path = join(folder(), 'a.db');
    const database = new DatabaseSync(path);
    database.exec(small);
    database.close();
  });

  afterEach(() => reader.dispose());

  it('answers questions', async () => {
    const { value, readFrom } = await reader.request(path, 'listRuns', null);
    assert.deepEqual(
      value.map(({ id, state, phaseStates }) => [id, state, phaseStates]),
      [
        ['b', 'DONE_SUCCESS', { COMPLETE: 1 }],
        ['a', 'QUEUED', { QUEUED: 1, FAILED: 1 }],
        ['lost', 'UNKNOWN', { 'ODD ONE': 1 }],
      ],
    );
    assert.equal(readFrom, 'file');
    const detail = await reader.request(path, 'runDetail', { runId: 'a' });
    assert.deepEqual(
      detail.value.phases.map(({ phaseId }) => phaseId),
      ['p1', 'p2'],
    );
    const phase = await reader.request(path, 'phase', { runId: 'a', phaseId: 'p2' });
    assert.equal(phase.value.rowId, 1);
  });

  it('says what is wrong with a file, each time with a next step', async () => {
    const text = join(folder(), 'text.db');
    writeFileSync(text, 'no database at all');
    await rejectsWith('not-sqlite', reader.request(text, 'listRuns', null));
    await rejectsWith('not-found', reader.request(join(folder(), 'none.db'), 'listRuns', null));
    await rejectsWith('not-a-file', reader.request(folder(), 'listRuns', null));
    const empty = join(folder(), 'empty.db');
    writeFileSync(empty, '');
    await rejectsWith('empty-database', reader.request(empty, 'listRuns', null));
    const foreign = join(folder(), 'foreign.db');
    new DatabaseSync(foreign).exec('CREATE TABLE bookmarks (url)');
    await rejectsWith('not-autopack', reader.request(foreign, 'listRuns', null));
    await rejectsWith('unknown-run', reader.request(path, 'runDetail', { runId: 'none' }));
    await rejectsWith('unknown-phase', reader.request(path, 'phase', { runId: 'a', phaseId: 'none' }));
  });

  it('forgets nothing of a file that comes back after it was gone', async () => {
    const other = join(folder(), 'b.db');
    await rejectsWith('not-found', reader.request(other, 'listRuns', null));
    copyFileSync(path, other);
    assert.equal((await reader.request(other, 'listRuns', null)).value.length, 3);
  });

  it('answers a cancelled question at once', async () => {
    const abort = new AbortController();
    const asked = reader.request(path, 'listRuns', null, abort.signal);
    abort.abort();
    await rejectsWith('cancelled', asked);
    await rejectsWith('cancelled', reader.request(path, 'listRuns', null, abort.signal));
    assert.equal((await reader.request(path, 'listRuns', null)).value.length, 3);
  });

  it('ends a thread that does not stop by itself, and puts the questions behind it to another', async () => {
    const stubborn = createDatabaseReader({ workerUrl: stubbornWorkerUrl, logger: silentLogger });
    const abort = new AbortController();
    const asked = stubborn.request('hanging', 'runDetail', { runId: 'hang' }, abort.signal);
    const behind = [stubborn.request('one', 'version', null), stubborn.request('two', 'version', null)];
    await wait(100);
    const start = Date.now();
    abort.abort();
    await rejectsWith('cancelled', asked);
    assert.ok(Date.now() - start < 100, 'the caller waits for nothing');
    assert.deepEqual(
      (await Promise.all(behind)).map(({ value }) => value),
      ['one', 'two'],
    );
    await stubborn.dispose();
  });

  it('lets neither a list nor a filter wait behind a calibration', async () => {
    const stubborn = createDatabaseReader({ workerUrl: stubbornWorkerUrl, logger: silentLogger });
    const calibrating = rejectsWith('cancelled', stubborn.request('long', 'calibration', {}));
    assert.equal((await stubborn.request('list', 'listRuns', null)).value, 'list');
    assert.equal((await stubborn.request('covered', 'coverage', null)).value, 'covered');
    await stubborn.dispose();
    await calibrating;
  });

  it('does not put a question again that ends its thread each time', async () => {
    const stubborn = createDatabaseReader({ workerUrl: stubbornWorkerUrl, logger: silentLogger });
    const asked = stubborn.request('deadly', 'runDetail', { runId: 'die' });
    const behind = stubborn.request('harmless', 'version', null);
    await assert.rejects(asked, /ended with code 3/);
    assert.equal((await behind).value, 'harmless');
    await stubborn.dispose();
  });

  it('rejects what is open when it is disposed of', async () => {
    const asked = reader.request(path, 'listRuns', null);
    const rejected = rejectsWith('cancelled', asked);
    await reader.dispose();
    await rejected;
    await rejectsWith('cancelled', reader.request(path, 'listRuns', null));
  });

  it('ends its thread where it cannot give it what it needs, and tries again for the next question', async () => {
    const wasmPath = join(folder(), 'sql.wasm');
    const lacking = createDatabaseReader({ workerUrl, wasmPath, logger: silentLogger });
    const threads = (): number => (process.report.getReport() as { workers: unknown[] }).workers.length;
    const before = threads();
    await assert.rejects(lacking.request(path, 'listRuns', null), { code: 'ENOENT' });
    copyFileSync(createRequire(import.meta.url).resolve('sql.js/dist/sql-wasm.wasm'), wasmPath);
    assert.equal((await lacking.request(path, 'listRuns', null)).value.length, 3);
    await lacking.dispose();
    while (threads() > before) await wait(10);
  });

  it('fails with the reason when its thread cannot start', async () => {
    const broken = createDatabaseReader({
      workerUrl: new URL('file:///none/worker.js'),
      logger: silentLogger,
    });
    await assert.rejects(
      broken.request(path, 'listRuns', null),
      (error) => !(error instanceof UserFacingError),
    );
    await broken.dispose();
  });

  it('says that it may not read', async () => {
    chmodSync(path, 0o000);
    chmodSync(folder(), 0o755);
    await asOrdinaryUser(async () => {
      const opening = Promise.resolve().then(() => nodeFiles.open(path));
      await rejectsWith('no-permission', opening);
    });
  });
});
