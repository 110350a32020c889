import assert from 'node:assert/strict';
import { copyFile, readFile, rename, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { GuardWorld, meddle, suiteReader } from '../../support/guard/guardWorld.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';

describe('the right database', function () {
  this.timeout(20_000);
  const folder = temporaryFolder();
  const reader = suiteReader();
  const runs = async (world: GuardWorld, path: string): Promise<number> =>
    (await world.reader.ask(path, 'listRuns', null)).value.length;

  it('is written, by its own name, through a link, and after it was moved', async () => {
    const world = new GuardWorld(folder(), reader());
    const path = await world.make('seed.db');
    await symlink('seed.db', world.path('link.db'));
    await world.seed(world.path('link.db'));
    assert.equal(await runs(world, path), 2);
    await rename(path, world.path('moved.db'));
    assert.equal((await world.guard.inspect(world.path('moved.db'))).verdict.kind, 'moved');
    await world.authorise(world.path('moved.db'), 'seed');
    assert.equal((await world.guard.inspect(world.path('moved.db'))).verdict.kind, 'same');
  });

  it('is a copy, once a person said that it is the real one', async () => {
    const world = new GuardWorld(folder(), reader());
    await copyFile(await world.make('seed.db'), world.path('copy.db'));
    const { mark } = await world.guard.inspect(world.path('copy.db'));
    await world.seed(world.path('copy.db'), { realFileId: mark.fileId });
    assert.equal(await runs(world, world.path('copy.db')), 2);
    assert.equal((await world.guard.inspect(world.path('copy.db'))).verdict.kind, 'same');
  });

  it('may grow, shrink, and be written by others, without a question', async () => {
    const world = new GuardWorld(folder(), reader());
    const path = await world.make('seed.db');
    await world.authorise(path, 'seed');
    meddle(path, `UPDATE phases SET state = 'COMPLETE'`, 'VACUUM', 'ALTER TABLE runs ADD COLUMN extra TEXT');
    await world.seed(path);
    assert.equal(await runs(world, path), 2);
  });

  it('keeps its pins where git does not see them', async () => {
    const world = new GuardWorld(folder(), reader());
    await world.make('seed.db');
    assert.equal(await readFile(join(folder(), '.autopack-hygiene', '.gitignore'), 'utf8'), '*\n');
  });
});
