import assert from 'node:assert/strict';
import { copyFile, rename } from 'node:fs/promises';
import { DatabaseSync } from 'node:sqlite';
import { guardedWrite } from '../../../src/core/identity/guardedWrite.ts';
import { setLevelOperation } from '../../../src/core/identity/setLevel.ts';
import {
  isStricter,
  protectionLevels,
  type ProtectionLevel,
} from '../../../src/core/model/protectionLevel.ts';
import { planRestoration, restoreDatabase } from '../../../src/node/maintenance/restoreDatabase.ts';
import { rememberRestored } from '../../../src/node/maintenance/rememberRestored.ts';
import { Backups } from '../../../src/node/maintenance/backups.ts';
import { nodeDrainStore } from '../../../src/node/drain/runDrain.ts';
import { systemClock } from '../../../src/node/system/systemPorts.ts';
import { setLevel } from '../../support/adopted.ts';
import { runAs } from '../../support/guard/commandsAs.ts';
import { GuardWorld, meddle, suiteReader } from '../../support/guard/guardWorld.ts';
import { rejectsWith } from '../../support/rejectsWith.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';

describe('the protection of a database', function () {
  this.timeout(20_000);
  const folder = temporaryFolder();
  const reader = suiteReader();
  const worldIn = (): GuardWorld => new GuardWorld(folder(), reader());

  const levelOf = async (path: string): Promise<ProtectionLevel | null> =>
    (await reader().request(path, 'databaseFingerprint', { runIds: [] })).value.level;

  it('is that of its role until it is set, and nothing is stored for that', async () => {
    const world = worldIn();
    const [seed, legacy] = [await world.make('seed.db'), await world.make('legacy.db', 'legacy')];
    assert.deepEqual([await levelOf(seed), await levelOf(legacy)], ['ask', 'confirm']);
    assert.ok(!columns(seed).includes('level'));
    await setLevel(seed, 'ask');
    assert.ok(!columns(seed).includes('level'), 'the level of its role needs no column');
  });

  it('is set and read back, over and over, with the facts of the database', async () => {
    const path = await worldIn().make('seed.db');
    for (const level of [...protectionLevels, ...protectionLevels]) {
      await setLevel(path, level);
      assert.equal(await levelOf(path), level);
      assert.equal((await reader().request(path, 'identity', null)).value.level, level);
    }
  });

  it('is set through the guard, up and down', async () => {
    const world = worldIn();
    const path = await world.make('seed.db');
    for (const to of ['read-only', 'open', 'confirm'] as const) {
      const expected = await world.guard.requireKnown(path, 'Raising');
      const params = { from: expected.level, to };
      await guardedWrite(world.writer, { path, expected }, setLevelOperation, params);
      assert.equal(await levelOf(path), to);
    }
  });

  it('refuses every write of a read-only database before anybody is asked', async () => {
    const world = worldIn();
    const path = await world.make('seed.db');
    await setLevel(path, 'read-only');
    const before = await world.contents();
    for (const operation of ['seed', 'drain', 'mark-stale', 'requeue', 'delete-run', 'canary'] as const) {
      const error = await rejectsWith('protected', world.authorise(path, operation));
      assert.match(error.message, /is refused: .*seed\.db is read-only/);
    }
    assert.deepEqual(await world.contents(), before);
  });

  for (const was of protectionLevels) {
    for (const is of protectionLevels) {
      if (was === 'read-only') continue;
      it(`agreed at ${was} ${isStricter(is, was) ? 'writes nothing' : 'holds'} at ${is}`, async () => {
        const world = worldIn();
        const path = await world.make('seed.db');
        await setLevel(path, was);
        const expected = await world.authorise(path, 'seed');
        await setLevel(path, is);
        const before = await world.contents();
        if (!isStricter(is, was)) return world.write(path, expected);
        const error = await rejectsWith('protected', world.write(path, expected));
        assert.match(error.message, /was raised meanwhile/);
        assert.deepEqual(await world.contents(), before, 'nothing is written');
      });
    }
  }

  it('is the strictest where it is not known, and the table forbids others', async () => {
    const world = worldIn();
    const path = await world.make('seed.db');
    await setLevel(path, 'confirm');
    assert.throws(() => meddle(path, `UPDATE autopack_hygiene_identity SET level = 'none'`), /CHECK/);
    meddle(path, 'PRAGMA ignore_check_constraints = ON', `UPDATE autopack_hygiene_identity SET level = 'x'`);
    assert.equal(await levelOf(path), 'read-only');
  });

  it('is not lowered by a trigger, even one that may run', async () => {
    const world = worldIn();
    const path = await world.make('seed.db');
    await setLevel(path, 'confirm');
    meddle(
      path,
      `CREATE TRIGGER lower AFTER INSERT ON runs BEGIN UPDATE autopack_hygiene_identity SET level = 'open'; END`,
    );
    const expected = await world.authorise(path, 'seed', { allowTriggers: true });
    const error = await rejectsWith('unexpected-changes', world.write(path, expected));
    assert.match(error.message, /would set its protection to Open/);
    assert.equal(await levelOf(path), 'confirm');
  });

  it('ends a drain under way that is agreed to at less, before its next phase', async () => {
    const world = worldIn();
    const path = await world.make('seed.db');
    const expected = await world.authorise(path, 'drain');
    const { writer } = world;
    const store = nodeDrainStore({
      ...{ databasePath: path, reader: reader(), writer, expected, clock: systemClock },
    });
    const { signal } = new AbortController();
    await store.identity(signal);
    await setLevel(path, 'read-only');
    const error = await rejectsWith('protected', store.identity(signal));
    assert.match(error.message, /was raised meanwhile \(was Ask, is Read-Only\)/);
  });

  it('is set on a restored file that a person trusts, as the refusal says', async () => {
    const world = worldIn();
    const path = await world.make('seed.db');
    await copyFile(path, world.path('again.db'));
    await rename(world.path('again.db'), path);
    const raise = ['protect', '--database', 'seed.db', '--level', 'confirm', '--yes'];
    const refused = await runAs({}, world, ...raise);
    assert.match(refused.stderr, /copy or a restored file .* --accept-file/);
    const { exitCode, stderr } = await runAs({}, world, ...raise, '--accept-file');
    assert.equal(exitCode, 0, stderr);
    const lower = ['protect', '--database', 'seed.db', '--level', 'open', '--yes', '--accept-file'];
    assert.equal((await runAs({}, world, ...lower)).exitCode, 2);
    assert.equal(await levelOf(path), 'confirm');
  });

  it('stays through a restore, however the backup was protected', async () => {
    const world = worldIn();
    const path = await world.make('seed.db');
    const { path: backupPath } = await new Backups(folder()).make(path, 'asked', Date.now());
    await setLevel(path, 'confirm');
    const plan = await planRestoration(reader(), { path, backupPath, workspaceFolder: folder() });
    assert.equal(plan.level, 'confirm');
    const remember = await rememberRestored(path, backupPath, plan.level, world);
    const { fileId } = plan;
    await restoreDatabase({
      ...{ path, backupPath, workspaceFolder: folder(), fileId, remember },
      now: Date.now(),
    });
    assert.equal(await levelOf(path), 'confirm');
  });
});

function columns(path: string): string[] {
  const database = new DatabaseSync(path, { readOnly: true });
  const rows = database.prepare(`SELECT name FROM pragma_table_info('autopack_hygiene_identity')`).all();
  database.close();
  return rows.map(({ name }) => String(name));
}
