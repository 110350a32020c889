import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { copyFile, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hasGit } from '../../support/hasGit.ts';
import { changePhase } from '../../support/guard/changePhase.ts';
import { GuardWorld, meddle, suiteReader } from '../../support/guard/guardWorld.ts';
import { refusesAll, type Situation } from '../../support/guard/situation.ts';
import { rejectsWith } from '../../support/rejectsWith.ts';
import { skipBecause } from '../../support/skipBecause.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';
import { Backups } from '../../../src/node/maintenance/backups.ts';
import { rememberRestored } from '../../../src/node/maintenance/rememberRestored.ts';
import { planRestoration, restoreDatabase } from '../../../src/node/maintenance/restoreDatabase.ts';

/** Writes content into a file that stays the same one: its number does not change. */
async function overwrite(path: string, from: string): Promise<void> {
  await writeFile(path, await readFile(from));
}

/** Another folder of the same user, which knows the database by nothing. */
async function elsewhere(world: GuardWorld): Promise<string> {
  const folder = world.path('elsewhere');
  await mkdir(folder, { recursive: true });
  return folder;
}

const olderStates: readonly Situation[] = [
  {
    name: 'a backup was copied over it',
    arrange: async (world) => {
      const path = await world.make('seed.db');
      const { path: backup } = await new Backups(world.folder).make(path, 'asked', Date.now());
      await changePhase(world, path);
      await changePhase(world, path);
      await overwrite(path, backup);
      return () => changePhase(world, path);
    },
    code: 'which-file',
    message: /seed\.db is an older state of the database than this folder has seen \(change was 4, is 2\)\.$/,
  },
  {
    name: 'a snapshot of the machine was brought back, of which only the last line of the journal knows',
    arrange: async (world) => {
      const path = await world.make('seed.db');
      await changePhase(world, path);
      await copyFile(path, world.path('snapshot'));
      await changePhase(world, path);
      await overwrite(path, world.path('snapshot'));
      return () => changePhase(world, path);
    },
    code: 'which-file',
    message: /older state .*\(change was 4, is 3\)/,
  },
  {
    name: 'an older file was put in its place',
    arrange: async (world) => {
      const path = await world.make('seed.db');
      await copyFile(path, world.path('yesterday'));
      await changePhase(world, path);
      await rename(world.path('yesterday'), path);
      return () => changePhase(world, path);
    },
    code: 'which-file',
    message: /older state .*\(file was inode \d+, is inode \d+; change was 3, is 2\)/,
  },
  {
    name: 'a copy that was changed elsewhere was put back',
    arrange: async (world) => {
      const path = await world.make('seed.db');
      const folder = await elsewhere(world);
      await copyFile(path, join(folder, 'seed.db'));
      await changePhase(world, path);
      await changePhase(world, join(folder, 'seed.db'), { folder });
      await changePhase(world, join(folder, 'seed.db'), { folder });
      await overwrite(path, join(folder, 'seed.db'));
      return () => changePhase(world, path);
    },
    code: 'which-file',
    message:
      /seed\.db was changed elsewhere, from an earlier state .*\(change was 3 as made from here, is another 3 of 4\)/,
  },
  {
    name: 'a copy that was changed elsewhere as often was put back',
    arrange: async (world) => {
      const path = await world.make('seed.db');
      const folder = await elsewhere(world);
      await copyFile(path, join(folder, 'seed.db'));
      await changePhase(world, path);
      await changePhase(world, join(folder, 'seed.db'), { folder });
      await overwrite(path, join(folder, 'seed.db'));
      return () => changePhase(world, path);
    },
    code: 'which-file',
    message: /changed elsewhere.*\(change was 3 as made from here, is another 3\)/,
  },
  {
    name: 'its journal was dropped',
    arrange: async (world) => {
      const path = await world.make('seed.db');
      meddle(path, 'DROP TABLE autopack_hygiene_journal');
      return () => changePhase(world, path);
    },
    code: 'which-file',
    message: /older state .*\(change was 2, is 0\)/,
  },
  {
    name: 'the entries of its journal were deleted',
    arrange: async (world) => {
      const path = await world.make('seed.db');
      meddle(path, 'DELETE FROM autopack_hygiene_journal WHERE serial > 1');
      return () => changePhase(world, path);
    },
    code: 'which-file',
    message: /older state .*\(change was 2, is 1\)/,
  },
  {
    name: 'an older copy lies beside it',
    arrange: async (world) => {
      const path = await world.make('seed.db');
      await copyFile(path, world.path('copy.db'));
      await changePhase(world, path);
      return () => changePhase(world, world.path('copy.db'));
    },
    code: 'which-file',
    message: /copy\.db is a copy or a restored file \(path was .*; change was 3, is 2\)/,
  },
  {
    name: 'a person took one older state for the right one, and an even older one comes',
    arrange: async (world) => {
      const path = await world.make('seed.db');
      await copyFile(path, world.path('oldest'));
      await changePhase(world, path);
      await copyFile(path, world.path('older'));
      await changePhase(world, path);
      await overwrite(path, world.path('older'));
      await world.guard.pin(path);
      await overwrite(path, world.path('oldest'));
      return () => changePhase(world, path);
    },
    code: 'which-file',
    message: /older state .*\(change was 3, is 2\)/,
  },
];

refusesAll('an older state of the right one', olderStates);

describe('an older state', function () {
  this.timeout(20_000);
  const folder = temporaryFolder();
  const reader = suiteReader();
  const verdict = async (world: GuardWorld, path: string): Promise<string> =>
    (await world.guard.inspect(path)).verdict.kind;

  it('that git checked out is refused', async function () {
    if (!hasGit()) skipBecause(this, 'git is not installed');
    const world = new GuardWorld(folder(), reader());
    const path = await world.make('seed.db');
    const git = (...args: readonly string[]): void =>
      void execFileSync('git', ['-c', 'user.name=x', '-c', 'user.email=x@y', ...args], {
        cwd: folder(),
        stdio: 'ignore',
      });
    git('init');
    git('add', '--force', 'seed.db');
    git('commit', '--message', 'by mistake');
    await changePhase(world, path);
    git('checkout', '--', 'seed.db');
    const { message } = await rejectsWith('which-file', changePhase(world, path));
    assert.match(message, /older state .*change was 3, is 2/);
  });

  it('that our own command put back is the next change', async () => {
    const world = new GuardWorld(folder(), reader());
    const path = await world.make('seed.db');
    const backup = await new Backups(folder()).make(path, 'asked', Date.now());
    await changePhase(world, path);
    await changePhase(world, path);
    const place = { path, backupPath: backup.path, workspaceFolder: folder() };
    const { fileId } = await planRestoration(reader(), place);
    const remember = await rememberRestored(path, backup.path, 'ask', world);
    await restoreDatabase({ ...place, now: Date.now(), fileId, remember });
    const { verdict: found, fingerprint } = await world.guard.inspect(path);
    assert.equal(found.kind, 'same');
    assert.equal(fingerprint.lastChange.serial, 5, 'two were in the backup, two came after it');
    await changePhase(world, path);
    assert.equal(await verdict(world, path), 'same');
    await overwrite(path, backup.path);
    assert.equal(await verdict(world, path), 'older-state', 'the same backup, copied over it by hand');
  });

  it('is the right one once a person says so, and the journal counts on from it', async () => {
    const world = new GuardWorld(folder(), reader());
    const path = await world.make('seed.db');
    await copyFile(path, world.path('yesterday'));
    await changePhase(world, path);
    await changePhase(world, path);
    await overwrite(path, world.path('yesterday'));
    const { fingerprint } = await world.guard.inspect(path);
    await changePhase(world, path, { realFileId: fingerprint.fileId });
    assert.equal(await verdict(world, path), 'same');
    await changePhase(world, path);
    assert.equal(await verdict(world, path), 'same');
  });

  it('is not what comes from another folder that works on the same file', async () => {
    const world = new GuardWorld(folder(), reader());
    const path = await world.make('seed.db');
    const other = await elsewhere(world);
    for (const from of [other, folder(), other, other, folder()]) {
      await changePhase(world, path, { folder: from });
    }
    assert.equal(await verdict(world, path), 'same');
    assert.equal((await world.guardIn(other).inspect(path)).verdict.kind, 'same');
  });

  it('is nothing that a database of an earlier version is taken for', async () => {
    const world = new GuardWorld(folder(), reader());
    const path = await world.make('seed.db');
    meddle(path, 'DROP TABLE autopack_hygiene_journal');
    const pins = join(folder(), '.autopack-hygiene', 'pins.json');
    const text = (await readFile(pins, 'utf8')).replace(/"lastChange": \{[^}]*\},/, '');
    await writeFile(pins, text);
    await writeFile(join(folder(), '.autopack-hygiene', 'journal.jsonl'), '');
    assert.equal(await verdict(world, path), 'same');
    await changePhase(world, path);
    const { fingerprint } = await world.guard.inspect(path);
    assert.equal(fingerprint.lastChange.serial, 1);
    assert.equal(await verdict(world, path), 'same');
  });
});
