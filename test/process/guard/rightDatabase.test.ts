import assert from 'node:assert/strict';
import { copyFile, mkdir, readFile, rename, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseGuard } from '../../../src/node/identity/databaseGuard.ts';
import { diagnose } from '../../../src/node/maintenance/diagnose.ts';
import { systemClock } from '../../../src/node/system/systemPorts.ts';
import { GuardWorld, meddle, suiteReader } from '../../support/guard/guardWorld.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';

describe('the right database', function () {
  this.timeout(20_000);
  const folder = temporaryFolder();
  const reader = suiteReader();
  const runs = async (world: GuardWorld, path: string): Promise<number> =>
    (await world.reader.request(path, 'listRuns', null)).value.length;

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
    const { fingerprint: mark } = await world.guard.inspect(world.path('copy.db'));
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

  it('is looked at where the pins are damaged, with a finding that says how to fix that', async () => {
    const world = new GuardWorld(folder(), reader());
    const path = await world.make('seed.db');
    const pins = join(folder(), '.autopack-hygiene', 'pins.json');
    await writeFile(pins, '{"version": 1, "pins": [{');
    const subject = { path, folders: [folder()], environment: {}, apiUrls: [], staleBefore: 0 };
    const { findings, verdict } = await diagnose(subject, world.diagnosing);
    assert.equal(verdict.kind, 'unknown');
    const found = findings.find(({ code }) => code === 'pins-unreadable');
    assert.match(found?.message ?? '', /pins\.json does not hold the pins of this folder/);
    assert.match(found?.nextStep ?? '', /Move that file away/);
    assert.equal(await readFile(pins, 'utf8'), '{"version": 1, "pins": [{');
  });

  it('is taken for known at its first write, and that is said once', async () => {
    const world = new GuardWorld(folder(), reader());
    const path = await world.make('seed.db');
    const other = join(folder(), 'elsewhere');
    await mkdir(other);
    const told: string[] = [];
    const deps = { reader: reader(), clock: systemClock, workspaceFolder: other };
    const guard = new DatabaseGuard({ ...deps, onFirstPin: (message) => told.push(message) });
    await guard.authorise(path, 'seed');
    await guard.authorise(path, 'seed');
    assert.equal(told.length, 1);
    assert.match(told[0] ?? '', /seed\.db was not known in this folder; from now on it is its seed database/);
  });

  it('keeps its pins where git does not see them', async () => {
    const world = new GuardWorld(folder(), reader());
    await world.make('seed.db');
    assert.equal(await readFile(join(folder(), '.autopack-hygiene', '.gitignore'), 'utf8'), '*\n');
  });
});
