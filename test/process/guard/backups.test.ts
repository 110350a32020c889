import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { acquireDrainLock } from '../../../src/node/identity/drainLock.ts';
import { Backups } from '../../../src/node/maintenance/backups.ts';
import { planRestoration, restoreDatabase } from '../../../src/node/maintenance/restoreDatabase.ts';
import { GuardWorld, suiteReader } from '../../support/guard/guardWorld.ts';
import { otherWriter } from '../../support/otherWriter.ts';
import { rejectsWith } from '../../support/rejectsWith.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';

describe('backups', function () {
  this.timeout(30_000);
  const folder = temporaryFolder();
  const reader = suiteReader();
  const backups = (): Backups => new Backups(folder());
  const phases = (path: string): unknown => {
    const database = new DatabaseSync(path, { readOnly: true });
    const row = database.prepare('SELECT count(*) AS n FROM phases').get();
    database.close();
    return row?.n;
  };
  const plan = (path: string, backupPath: string): ReturnType<typeof planRestoration> =>
    planRestoration(reader(), { path, backupPath, workspaceFolder: folder() });
  const restore = async (path: string, backupPath: string): Promise<string | null> => {
    const { fileId } = await plan(path, backupPath);
    return restoreDatabase({ path, backupPath, workspaceFolder: folder(), now: Date.now(), fileId });
  };

  it('hold the committed state, with what is in the log, while others write', async () => {
    const path = await new GuardWorld(folder(), reader()).make('seed.db');
    const other = await otherWriter(path, [
      'PRAGMA journal_mode = WAL',
      'DELETE FROM phases WHERE rowid = 1',
      'BEGIN IMMEDIATE',
      'DELETE FROM phases',
    ]);
    const { path: made } = await backups().make(path, 'asked', Date.now());
    await other.leave();
    assert.equal(phases(made), 9);
  });

  it('are ten for each database; older ones go', async () => {
    const world = new GuardWorld(folder(), reader());
    const [path, other] = [await world.make('seed.db'), await world.make('other.db')];
    await backups().make(other, 'adopt', 0);
    const start = Date.UTC(2026, 0, 1);
    for (let day = 0; day < 12; day++) await backups().make(path, 'asked', start + day * 86_400_000);
    const list = await backups().list(path);
    assert.deepEqual(
      list.map(({ madeAt }) => new Date(madeAt).getUTCDate()),
      [12, 11, 10, 9, 8, 7, 6, 5, 4, 3],
    );
    assert.equal((await backups().list(other)).length, 1);
    assert.deepEqual(
      (await readdir(join(list[0]?.path ?? '', '..'))).filter((name) => !name.endsWith('.db')),
      [],
      'no drafts',
    );
  });

  for (const mode of ['delete', 'wal']) {
    it(`come back into the same file, in mode ${mode}, while others have it open`, async () => {
      const path = await new GuardWorld(folder(), reader()).make('seed.db');
      const open = new DatabaseSync(path);
      open.exec(`PRAGMA journal_mode = ${mode}`);
      const { path: made } = await backups().make(path, 'asked', Date.now());
      open.exec('DELETE FROM phases');
      const { ino } = await stat(path);
      const aside = await restore(path, made);
      assert.equal((await stat(path)).ino, ino);
      assert.equal(
        open.prepare('SELECT count(*) AS n FROM phases').get()?.n,
        10,
        'the open connection sees it',
      );
      assert.equal(open.prepare('PRAGMA integrity_check').get()?.integrity_check, 'ok');
      open.close();
      assert.equal(phases(aside ?? ''), 0, 'what was there is kept');
    });
  }

  for (const mode of ['delete', 'wal']) {
    it(`do not swallow a commit that lands after the copy for safety was made, in mode ${mode}`, async () => {
      const path = await new GuardWorld(folder(), reader()).make('seed.db');
      const other = new DatabaseSync(path);
      other.exec(`PRAGMA journal_mode = ${mode}`);
      const { path: made } = await backups().make(path, 'asked', Date.now());
      let isOver = false;
      const commitOnceCopied = async (): Promise<void> => {
        while (!isOver) {
          const isCopied = readdirSync(join(made, '..')).some((name) => name.endsWith('-restore.db'));
          if (isCopied) {
            other.exec("UPDATE phases SET last_failure_reason = 'the last word'");
            return;
          }
          await new Promise(setImmediate);
        }
      };
      const committed = commitOnceCopied();
      const aside = await restore(path, made).finally(() => (isOver = true));
      await committed;
      const words = (file: string): unknown => {
        const database = new DatabaseSync(file, { readOnly: true });
        const row = database
          .prepare("SELECT count(*) AS n FROM phases WHERE last_failure_reason = 'the last word'")
          .get();
        database.close();
        return row?.n;
      };
      other.close();
      assert.deepEqual([words(aside ?? ''), words(path)], [10, 0]);
    });
  }

  it('do not come back while somebody writes', async () => {
    const path = await new GuardWorld(folder(), reader()).make('seed.db');
    const { path: made } = await backups().make(path, 'asked', Date.now());
    const { fileId } = await plan(path, made);
    const other = await otherWriter(path, ['BEGIN IMMEDIATE', 'DELETE FROM phases']);
    const where = { path, backupPath: made, workspaceFolder: folder(), now: Date.now(), fileId };
    await rejectsWith('locked', restoreDatabase(where));
    await other.leave();
    assert.equal((await backups().list(path)).length, 1);
  });

  it('do not come back into a database that is being drained', async () => {
    const path = await new GuardWorld(folder(), reader()).make('seed.db');
    const { path: made } = await backups().make(path, 'asked', Date.now());
    const lock = await acquireDrainLock(path, Date.now());
    const error = await rejectsWith('drain-running', restore(path, made));
    await lock.release();
    assert.match(error.message, /seed\.db is being drained \(process \d+ on /);
    assert.notEqual(await restore(path, made), null);
  });

  it('come back where the file was deleted, and never over one that appeared since', async () => {
    const world = new GuardWorld(folder(), reader());
    const path = await world.make('seed.db');
    const { path: made } = await backups().make(path, 'asked', Date.now());
    await rm(path);
    assert.equal(await restore(path, made), null);
    assert.equal(phases(path), 10);
    const where = { path, backupPath: made, workspaceFolder: folder(), now: Date.now(), fileId: null };
    await rejectsWith('exists', restoreDatabase(where));
  });

  it('come back in the place of a damaged file, which is moved aside', async () => {
    const path = await new GuardWorld(folder(), reader()).make('seed.db');
    const { path: made } = await backups().make(path, 'asked', Date.now());
    await writeFile(
      path,
      'not a database any more, though as long as the header of one would have been, and longer',
    );
    await writeFile(`${path}-journal`, '');
    const aside = await restore(path, made);
    assert.equal(phases(path), 10);
    assert.match(await readFile(aside ?? '', 'utf8'), /^not a database/);
    assert.ok(!existsSync(`${path}-journal`));
  });

  it('of another database, or damaged ones, do not come back', async () => {
    const world = new GuardWorld(folder(), reader());
    const [path, other] = [await world.make('seed.db'), await world.make('other.db')];
    const { path: made } = await backups().make(other, 'asked', Date.now());
    const error = await rejectsWith('other-database', plan(path, made));
    assert.match(error.message, /is a backup of another database \(id was [0-9a-f-]{36}, is [0-9a-f-]{36}\)/);
    const scrambled = join(folder(), 'scrambled.db');
    const content = await readFile(path);
    await writeFile(scrambled, content.fill(0x5a, 3 * 4096 + 1, 6 * 4096));
    await rejectsWith('corrupt', plan(path, scrambled));
    await writeFile(made, (await readFile(made)).subarray(0, 5000));
    await rejectsWith('corrupt', plan(path, made));
    await rejectsWith('not-found', plan(path, join(folder(), 'gone.db')));
  });
});
