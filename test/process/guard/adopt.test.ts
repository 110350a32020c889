import assert from 'node:assert/strict';
import { copyFile, readFile, rename } from 'node:fs/promises';
import { DatabaseSync } from 'node:sqlite';
import { adopt, type AdoptionDeps, planAdoption } from '../../../src/node/maintenance/adopt.ts';
import { Backups } from '../../../src/node/maintenance/backups.ts';
import { systemClock } from '../../../src/node/system/systemPorts.ts';
import { databaseSources } from '../../support/data/dataSources.ts';
import { GuardWorld, suiteReader } from '../../support/guard/guardWorld.ts';
import { olderDatabase } from '../../support/olderDatabase.ts';
import { rejectsWith } from '../../support/rejectsWith.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';

const legacy = { role: 'legacy' } as const;

describe('adopting a database', function () {
  this.timeout(20_000);
  const folder = temporaryFolder();
  const reader = suiteReader();
  const worldIn = (): GuardWorld => new GuardWorld(folder(), reader());
  const depsOf = ({ guard, writer }: GuardWorld): AdoptionDeps => ({
    guard,
    writer,
    clock: systemClock,
    workspaceFolder: folder(),
  });

  async function backlog(world: GuardWorld): Promise<string> {
    await olderDatabase(world.path('backlog.db'));
    return world.path('backlog.db');
  }

  it('says first how much it writes, and then writes only that, after a backup of what was there', async () => {
    const world = worldIn();
    const path = await backlog(world);
    const before = await readFile(path);
    const plan = await planAdoption(world.guard, path, legacy);
    assert.equal(plan.rows, 1);
    assert.match(plan.question, /^Adopt .*backlog\.db as a legacy database\? .*1 row in a table of its own/);
    assert.deepEqual(await readFile(path), before, 'a plan changes nothing');
    const { id, backup } = await adopt(plan, depsOf(world));
    assert.match(id, /^[0-9a-f-]{36}$/);
    assert.deepEqual(rows(backup?.path ?? ''), rows(path));
    assert.equal((await world.guard.inspect(path)).verdict.kind, 'same');
    assert.equal((await world.authorise(path, 'drain')).id, id);
  });

  for (const source of databaseSources('backlog')) {
    it(`leaves every row of a large backlog as it was (${source.name})`, async () => {
      const world = worldIn();
      const path = world.path('large.db');
      await copyFile(source.path, path);
      const before = rows(path);
      await adopt(await planAdoption(world.guard, path, legacy), depsOf(world));
      assert.deepEqual(rows(path), before);
    });
  }

  it('makes no seed of a backlog, unless somebody knows better', async () => {
    const world = worldIn();
    const path = await backlog(world);
    await rejectsWith('wrong-role', planAdoption(world.guard, path, { role: 'seed' }));
    const plan = await planAdoption(world.guard, path, { role: 'seed', anyRole: true });
    assert.equal((await adopt(plan, depsOf(world))).role, 'seed');
  });

  it('is about the file that was agreed on, and about no other in its place', async () => {
    const world = worldIn();
    const path = await backlog(world);
    const plan = await planAdoption(world.guard, path, legacy);
    await copyFile(path, world.path('copy.db'));
    await rename(world.path('copy.db'), path);
    const before = await readFile(path);
    await rejectsWith('replaced', adopt(plan, depsOf(world)));
    assert.deepEqual(await readFile(path), before);
  });

  it('leaves no backup where it cannot be done', async () => {
    const world = worldIn();
    const path = await backlog(world);
    const plan = await planAdoption(world.guard, path, legacy);
    const other = new DatabaseSync(path);
    other.exec('BEGIN IMMEDIATE');
    await rejectsWith('locked', adopt(plan, depsOf(world)));
    other.close();
    assert.deepEqual(await new Backups(folder()).list(path), []);
  });

  it('is done once; a copy can get an identity of its own', async () => {
    const world = worldIn();
    const path = await backlog(world);
    const { id } = await adopt(await planAdoption(world.guard, path, legacy), depsOf(world));
    await rejectsWith('exists', planAdoption(world.guard, path, { role: 'seed' }));
    const again = await adopt(await planAdoption(world.guard, path, legacy), depsOf(world));
    assert.deepEqual(again, { id, role: 'legacy', backup: null });
    assert.equal((await new Backups(folder()).list(path)).length, 1);

    const copy = world.path('copy.db');
    await copyFile(path, copy);
    const plan = await planAdoption(world.guard, copy, { ...legacy, anew: true });
    assert.notEqual((await adopt(plan, depsOf(world))).id, id);
    await world.authorise(copy, 'drain');
    await world.authorise(path, 'drain');
  });
});

/** All rows of runs and phases. */
function rows(path: string): unknown {
  const database = new DatabaseSync(path, { readOnly: true });
  const all = ['runs', 'phases'].map((table) =>
    database.prepare(`SELECT * FROM ${table} ORDER BY rowid`).all(),
  );
  database.close();
  return all;
}
