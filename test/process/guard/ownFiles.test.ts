import assert from 'node:assert/strict';
import { chmod, mkdir, readdir, readFile, rename, stat, utimes, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { acquireDrainLock, runningDrain } from '../../../src/node/identity/drainLock.ts';
import type { LockOperation } from '../../../src/node/identity/drainLockContent.ts';
import { SessionFiles } from '../../../src/node/drain/sessionStore.ts';
import {
  createDraft,
  openOwnFile,
  removeStaleDrafts,
  replaceFile,
} from '../../../src/node/system/replaceFile.ts';
import { Backups } from '../../../src/node/maintenance/backups.ts';
import { PinFile } from '../../../src/node/identity/pinFile.ts';
import { refuseDrained } from '../../../src/node/maintenance/refuseAtWork.ts';
import { planRestoration, restoreDatabase } from '../../../src/node/maintenance/restoreDatabase.ts';
import { withBackup } from '../../../src/node/maintenance/withBackup.ts';
import { writeExport } from '../../../src/node/telemetry/writeExport.ts';
import { GuardWorld, suiteReader } from '../../support/guard/guardWorld.ts';
import { rejectsWith } from '../../support/rejectsWith.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';

const year = 365.25 * 86_400_000;
const dead = 2 ** 22 + 1;

describe('Files of ours', function () {
  this.timeout(30_000);
  const folder = temporaryFolder();
  const reader = suiteReader();
  const at = (...names: readonly string[]): string => join(folder(), ...names);
  const modeOf = async (path: string): Promise<string> => ((await stat(path)).mode & 0o777).toString(8);
  const database = async (mode = 0o600): Promise<string> => {
    const path = at('seed.db');
    const db = new DatabaseSync(path);
    db.exec('CREATE TABLE phases (id)');
    db.close();
    await chmod(path, mode);
    return path;
  };

  describe('have the rights of what they were made of, or are for their user alone', () => {
    for (const mode of [0o600, 0o640, 0o644, 0o660, 0o400]) {
      it(`a backup of a database of mode ${mode.toString(8)}`, async () => {
        const made = await new Backups(folder()).make(await database(mode), 'asked', 0);
        assert.equal(await modeOf(made.path), mode.toString(8));
      });
    }
    for (const mode of [0o600, 0o644]) {
      it(`an export of a database of mode ${mode.toString(8)}`, async () => {
        await writeExport({ path: at('new.csv'), overwrite: false, database: await database(mode) }, ['a\n']);
        assert.equal(await modeOf(at('new.csv')), mode.toString(8));
      });
      it(`an export in the place of a file of mode ${mode.toString(8)}`, async () => {
        await writeFile(at('old.csv'), '');
        await chmod(at('old.csv'), mode);
        await writeExport({ path: at('old.csv'), overwrite: true, database: await database(0o600) }, ['a\n']);
        assert.equal(await modeOf(at('old.csv')), mode.toString(8));
      });
      it(`a file of the user's of mode ${mode.toString(8)} that is written anew`, async () => {
        await writeFile(at('.env'), '');
        await chmod(at('.env'), mode);
        await replaceFile(at('.env'), 'A=1\n', { mode: 'kept' });
        assert.equal(await modeOf(at('.env')), mode.toString(8));
      });
    }
    it('pins, sessions, logs, reports, locks, counts and their folders', async () => {
      await mkdir(at('.autopack-hygiene'), { mode: 0o755 });
      const path = await database();
      await new PinFile(folder()).add({
        id: 'id',
        role: 'seed',
        path,
        fileId: '1:2',
        schemaFingerprint: '',
        runs: [],
        lastChange: { serial: 0, mark: null },
        pinnedAt: 0,
      });
      await new Backups(folder()).make(path, 'asked', 0);
      const sessions = new SessionFiles(folder());
      const { sessionId } = await sessions.create(0);
      const { stdoutPath } = await sessions.logPaths(sessionId, { runId: 'r', phaseId: 'p' }, 1);
      await (await openOwnFile(stdoutPath, 'fresh')).close();
      const lock = await acquireDrainLock(path, 0);
      const names = (await readdir(folder(), { recursive: true })).filter((name) => name !== 'seed.db');
      for (const name of names) {
        const isFolder = (await stat(at(name))).isDirectory();
        assert.equal(await modeOf(at(name)), isFolder ? '700' : '600', name);
      }
      await lock.release();
    });
    it('a new database is as open as the user has new files', async () => {
      const path = await new GuardWorld(folder(), reader()).make('new.db');
      await writeFile(at('sample'), '');
      assert.equal(await modeOf(path), await modeOf(at('sample')));
    });
  });

  describe('are let go in the order of their making, whatever the clock says', () => {
    const clocks: Readonly<Record<string, (index: number) => number>> = {
      'that is right': (index) => index * 1000,
      'that goes backwards': (index) => 50 * year - index * 1000,
      'that stands still': () => 50 * year,
      'that jumps to 2099 and back': (index) => (index % 3 === 0 ? 129 : 56) * year + index,
      'of 1970': (index) => index,
    };
    for (const [clock, timeOf] of Object.entries(clocks)) {
      it(`with a clock ${clock}`, async () => {
        const path = await database();
        const backups = new Backups(folder());
        const made: string[] = [];
        for (let index = 0; index < 13; index++) {
          made.unshift((await backups.make(path, 'asked', timeOf(index))).path);
        }
        assert.deepEqual(
          (await backups.list(path)).map((each) => each.path),
          made.slice(0, 10),
        );
      });
    }
    it('ten of an earlier version that are dated 2099 push out none that is made now', async () => {
      const path = await database();
      const backups = new Backups(folder());
      const first = await backups.make(path, 'asked', 0);
      for (let index = 10; index < 20; index++) {
        await writeFile(join(dirname(first.path), `20990101T0000${index}000Z-asked.db`), '');
      }
      const second = await backups.make(path, 'asked', 1);
      const third = await backups.make(path, 'asked', 2);
      const left = (await backups.list(path)).map((each) => each.path);
      assert.equal(left.length, 10);
      assert.deepEqual(left.slice(0, 3), [third.path, second.path, first.path]);
    });
    for (const serial of [1_000_000, 1_000_001, 999_999_999, 1_000_000_000, 9_999_999_999]) {
      it(`ten that somebody numbered ${serial} push out none that is made now`, async () => {
        const path = await database();
        const backups = new Backups(folder());
        const first = await backups.make(path, 'asked', 0);
        for (let index = 10; index < 20; index++) {
          const name = `20260101T0000${index}000Z-${serial - (index % 2)}-asked.db`;
          await writeFile(join(dirname(first.path), name), '');
        }
        const [second, third] = [await backups.make(path, 'asked', 1), await backups.make(path, 'asked', 2)];
        const left = (await backups.list(path)).map((each) => each.path);
        assert.equal(left.length, 10);
        assert.deepEqual(left.slice(0, 2), [third.path, second.path]);
      });
    }
    it('never the one that is being restored', async () => {
      const world = new GuardWorld(folder(), reader());
      const path = await world.make('seed.db');
      const backups = new Backups(folder());
      const oldest = await backups.make(path, 'asked', 0);
      for (let index = 1; index < 10; index++) await backups.make(path, 'asked', index);
      const where = { path, backupPath: oldest.path, workspaceFolder: folder() };
      const { fileId } = await planRestoration(reader(), where);
      const aside = await restoreDatabase({ ...where, now: 100, fileId });
      const left = (await backups.list(path)).map((each) => each.path);
      assert.ok(left.includes(oldest.path));
      assert.ok(left.includes(aside ?? ''));
      assert.equal(left.length, 10);
    });
    it('none for a change that did not happen', async () => {
      const path = await database();
      const backups = new Backups(folder());
      for (let index = 0; index < 10; index++) await backups.make(path, 'asked', index);
      const before = await backups.list(path);
      const change = { path, workspaceFolder: folder(), reason: 'adopt', now: 100 } as const;
      await rejectsWith(
        'drain-running',
        withBackup(change, () => refuseWith(path)),
      );
      assert.deepEqual(await backups.list(path), before);
    });
  });

  describe('that killed processes left', () => {
    const draftOf = (path: string, pid: number): string =>
      join(dirname(path), basename(path).replace(`-${process.pid}-`, `-${pid}-`));
    it('go with the next write, with what SQLite put beside them; those of the living stay', async () => {
      const mine = await createDraft(at('seed.db'));
      const left = draftOf(await createDraft(at('seed.db')), dead);
      await rename(
        (await readdir(folder())).map((name) => at(name)).find((path) => path !== mine) ?? '',
        left,
      );
      for (const suffix of ['-journal', '-wal', '-shm']) await writeFile(left + suffix, '');
      await removeStaleDrafts(folder());
      assert.deepEqual(await readdir(folder()), [basename(mine)]);
    });
    it('go after a day though nobody knows whose they are', async () => {
      const old = await createDraft(at('seed.db'));
      await utimes(old, 0, 0);
      await removeStaleDrafts(folder());
      assert.deepEqual(await readdir(folder()), []);
    });
    for (const name of [
      'seed.db.tmp',
      '.seed.db.tmp',
      'seed.db.restoring.tmp',
      '.seed.db.hygiene-1.tmp',
      'hygiene.tmp-journal',
    ]) {
      it(`do not take a file of the user's named ${name} along`, async () => {
        await writeFile(at(name), 'mine');
        await utimes(at(name), 0, 0);
        await removeStaleDrafts(folder());
        await replaceFile(at('seed.db'), '');
        assert.equal(await readFile(at(name), 'utf8'), 'mine');
      });
    }
    it('a lock and the turn to take it over go with the next write, but a drain stays to be resumed', async () => {
      const path = await new GuardWorld(folder(), reader()).make('seed.db');
      for (const operation of ['requeue', 'drain'] as const) {
        const lock = await acquireDrainLock(path, 0, undefined, operation);
        const content = JSON.parse(await readFile(`${path}.drain-lock`, 'utf8')) as object;
        await lock.release();
        const ended = JSON.stringify({ ...content, pid: dead });
        await writeFile(`${path}.drain-lock`, ended);
        await writeFile(`${path}.drain-lock.takeover`, ended);
        await new Backups(folder()).make(path, 'asked', 0);
        const left = (await readdir(folder())).filter((name) => name.includes('lock'));
        assert.deepEqual(left, operation === 'drain' ? ['seed.db.drain-lock'] : []);
      }
      const taken = await acquireDrainLock(path, 0);
      await taken.release();
    });
  });

  describe('that lock a database', () => {
    const words: readonly (readonly [LockOperation, RegExp])[] = [
      ['drain', /is being drained \(process \d+/],
      ['requeue', /is being re-queued/],
      ['mark-stale', /is being rid of stale phases/],
      ['delete-run', /is being rid of a run/],
      ['restore', /is being restored/],
    ];
    for (const [operation, message] of words) {
      it(`say that it ${message.source.slice(0, 20)}`, async () => {
        const path = await database();
        const lock = await acquireDrainLock(path, 0, undefined, operation);
        const error = await rejectsWith('drain-running', refuseDrained(path, 'restore'));
        assert.match(error.message, message);
        await rejectsWith('drain-running', acquireDrainLock(path, 0));
        await lock.release();
        assert.equal(await runningDrain(path), null);
      });
    }
    it('are had by one of many that come at once, and by every one in the end', async () => {
      const path = await database();
      const attempts = await Promise.allSettled(Array.from({ length: 20 }, () => acquireDrainLock(path, 0)));
      const had = attempts.filter((each) => each.status === 'fulfilled');
      assert.equal(had.length, 1);
      for (const { value } of had) await value.release();
      assert.deepEqual(await readdir(folder()), ['seed.db']);
    });
  });

  it('are one for each of six restores at once, of which one goes ahead', async () => {
    const path = await new GuardWorld(folder(), reader()).make('seed.db');
    const { path: backupPath } = await new Backups(folder()).make(path, 'asked', 0);
    await rename(path, at('away.db'));
    const where = { path, backupPath, workspaceFolder: folder(), now: 1, fileId: null };
    const outcomes = await Promise.allSettled(Array.from({ length: 6 }, () => restoreDatabase(where)));
    assert.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 1);
    const names = (await readdir(folder())).sort();
    assert.deepEqual(names, ['.autopack-hygiene', 'away.db', 'seed.db']);
    const db = new DatabaseSync(path);
    assert.equal(db.prepare('PRAGMA integrity_check').get()?.integrity_check, 'ok');
    db.close();
  });

  it('leave a damaged database where it is until its copy is whole, and keep it whole beside', async () => {
    const path = await new GuardWorld(folder(), reader()).make('seed.db');
    const { path: backupPath } = await new Backups(folder()).make(path, 'asked', 0);
    const damaged = Buffer.concat([Buffer.from('SQLite format 3\0'), Buffer.alloc(5000, 1)]);
    await writeFile(path, damaged);
    await writeFile(`${path}-wal`, 'log');
    const { fileId } = await planRestoration(reader(), { path, backupPath, workspaceFolder: folder() });
    const where = { path, workspaceFolder: folder(), now: 1, fileId };
    await writeFile(at('cut.db'), (await readFile(backupPath)).subarray(0, 3000));
    await assert.rejects(restoreDatabase({ ...where, backupPath: at('cut.db') }));
    assert.deepEqual(await readFile(path), damaged, 'nothing was moved for a backup that is no good');
    const aside = (await restoreDatabase({ ...where, backupPath })) ?? '';
    assert.deepEqual(await readFile(aside), damaged);
    assert.ok(!(await readdir(folder())).includes('seed.db-wal'), 'it would be applied to the new content');
  });
});

async function refuseWith(path: string): Promise<void> {
  const lock = await acquireDrainLock(path, 0);
  try {
    await refuseDrained(path, 'adopt');
  } finally {
    await lock.release();
  }
}
