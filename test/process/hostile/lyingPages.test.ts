import assert from 'node:assert/strict';
import { copyFile, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { WalChecksum } from '../../../src/core/db/snapshot/walFile.ts';
import { UserFacingError } from '../../../src/core/errors.ts';
import { suiteReader } from '../../support/guard/guardWorld.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';
import { makePages, pageFuzzTests, pageSize, readPages } from '../../support/faults/pageFuzzTests.ts';
import { lies, Pages } from './lies.ts';

describe('pages that lie', function () {
  this.timeout(60_000);
  const folder = temporaryFolder();
  const reader = suiteReader();

  for (const { name, tell, says } of lies) {
    it(`are found out: ${name}`, async () => {
      const path = join(folder(), 'lying.db');
      makePages(path);
      const pages = new Pages(await readFile(path));
      tell(pages);
      await writeFile(path, pages.bytes);
      const began = Date.now();
      const said = await readPages(reader(), path);
      assert.ok(
        said.some((message) => says.test(message)),
        said.join('\n'),
      );
      assert.ok(Date.now() - began < 15_000, 'at once');
    });
  }

  it('are found out: a log that declares more pages than the files hold', async () => {
    const live = join(folder(), 'live.db');
    makePages(live, 20);
    const database = new DatabaseSync(live);
    database.exec("PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0; UPDATE runs SET state = 'x'");
    const path = join(folder(), 'lying.db');
    await copyFile(live, path);
    const wal = await readFile(`${live}-wal`);
    database.close();
    // The last frame is a commit; its page count and checksums are written anew.
    const frame = 24 + pageSize;
    const count = Math.floor((wal.length - 32) / frame);
    const littleEndian = (wal[3] ?? 0) % 2 === 0;
    wal.writeUInt32BE(0xfffffff0, 32 + (count - 1) * frame + 4);
    let sum = new WalChecksum(0, 0).add(wal.subarray(0, 24), littleEndian);
    for (let at = 32; at + frame <= wal.length; at += frame) {
      sum = sum
        .add(wal.subarray(at, at + 8), littleEndian)
        .add(wal.subarray(at + 24, at + frame), littleEndian);
      const [first = '', second = ''] = sum.toString().split('.');
      wal.writeUInt32BE(parseInt(first, 16), at + 16);
      wal.writeUInt32BE(parseInt(second, 16), at + 20);
    }
    await writeFile(`${path}-wal`, wal);
    const said = await readPages(reader(), path);
    assert.equal(said.length, 5);
    for (const message of said)
      assert.match(message, /is damaged: it declares [\d.]+ TiB, and its files hold [\d.]+ KiB\.$/);
    await rm(`${path}-wal`);
  });

  for (const [name, schema] of [
    [
      'phases',
      'CREATE TABLE phases (run_id TEXT, phase_id TEXT, state TEXT, phase_index INT, PRIMARY KEY (run_id, phase_id)) WITHOUT ROWID',
    ],
    ['runs', 'CREATE TABLE runs (id TEXT PRIMARY KEY, state TEXT, created_at TEXT) WITHOUT ROWID'],
    [
      'token_estimation_v2_events',
      'CREATE TABLE token_estimation_v2_events (run_id TEXT, phase_id TEXT, predicted_output_tokens INT, actual_output_tokens INT, PRIMARY KEY (run_id, phase_id)) WITHOUT ROWID',
    ],
  ] as const) {
    it(`are not feared where ${name} has no row ids: it is read, or refused in words`, async () => {
      const path = join(folder(), 'no-row-ids.db');
      makePages(path, 1);
      const database = new DatabaseSync(path);
      database.exec(`DROP TABLE ${name}; ${schema}`);
      database.close();
      const said = await readPages(reader(), path);
      const scope = { states: ['FAILED'], staleBefore: 0 } as const;
      for (const ask of [
        () => reader().request(path, 'requeueSelection', scope),
        () => reader().request(path, 'telemetryEvents', { after: 0, limit: 10 }),
        () => reader().request(path, 'failures', null),
        () => reader().request(path, 'stalePhases', { before: Date.now() }),
        () => reader().request(path, 'databaseFingerprint', { runIds: [] }),
      ]) {
        const error: unknown = await ask().then(
          () => null,
          (thrown: unknown) => thrown,
        );
        if (error === null) continue;
        assert.ok(error instanceof UserFacingError);
        said.push(error.message);
      }
      for (const message of said)
        assert.match(
          message,
          /has a table WITHOUT ROWID \(no such column: .*rowid\), and Autopack makes its tables with row ids\.$/i,
        );
    });
  }

  it('are not feared where a text is JSON of a hundred thousand levels', async () => {
    const path = join(folder(), 'deep.db');
    makePages(path, 1);
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    const database = new DatabaseSync(path);
    database.exec(
      'ALTER TABLE phases ADD COLUMN scope TEXT; ALTER TABLE token_estimation_v2_events ADD COLUMN deliverables_json TEXT',
    );
    database.prepare('UPDATE phases SET scope = ?').run(`{"paths": ${deep}, "deliverables": ${deep}}`);
    database.prepare('UPDATE token_estimation_v2_events SET deliverables_json = ?').run(deep);
    database.close();
    assert.deepEqual(await readPages(reader(), path), []);
    await reader().request(path, 'phase', { runId: 'r', phaseId: 'p' });
    await reader().request(path, 'telemetryEvents', { after: 0, limit: 10 });
    await reader()
      .request(path, 'coverage', null)
      .catch((error: unknown) => assert.ok(error instanceof UserFacingError));
  });

  pageFuzzTests(20);
});
