import assert from 'node:assert/strict';
import { chmod, copyFile, link, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Backups } from '../../../src/node/maintenance/backups.ts';
import { backUpDatabase } from '../../../src/node/maintenance/withBackup.ts';
import { copyDatabase } from '../../../src/node/maintenance/copyDatabase.ts';
import { planRestoration, type RestorationPlan } from '../../../src/node/maintenance/restoreDatabase.ts';
import { asOrdinaryUser } from '../../support/asOrdinaryUser.ts';
import { GuardWorld, suiteReader } from '../../support/guard/guardWorld.ts';
import { dropIdentity, setId } from '../../support/guard/meddling.ts';
import { rejectsWith } from '../../support/rejectsWith.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';

describe('what is backed up, and what comes back', function () {
  this.timeout(30_000);
  const folder = temporaryFolder();
  const reader = suiteReader();
  const backups = (): Backups => new Backups(folder());
  const plan = (path: string, backupPath: string): Promise<RestorationPlan> =>
    planRestoration(reader(), { path, backupPath, workspaceFolder: folder() });

  it('is never the database itself, or what is not of Autopack', async () => {
    const path = await new GuardWorld(folder(), reader()).make('seed.db');
    await rejectsWith('invalid-argument', plan(path, path));
    await symlink(path, join(folder(), 'link.db'));
    await link(path, join(folder(), 'second.db'));
    for (const name of ['link.db', 'second.db']) {
      await rejectsWith('invalid-argument', plan(path, join(folder(), name)));
      await rejectsWith('invalid-argument', plan(join(folder(), name), path));
    }
    const foreign = join(folder(), 'foreign.db');
    execute(foreign, 'CREATE TABLE notes (text)');
    const error = await rejectsWith('not-autopack', plan(path, foreign));
    assert.match(error.message, /foreign\.db is not an Autopack database/);
  });

  it('without an id is only what was made of this database here', async () => {
    const path = await new GuardWorld(folder(), reader()).make('seed.db');
    const { path: made } = await backups().make(path, 'adopt', Date.now());
    execute(made, dropIdentity);
    const elsewhere = join(folder(), 'elsewhere.db');
    await copyFile(made, elsewhere);
    await rejectsWith('other-database', plan(path, elsewhere));
    assert.match((await plan(path, made)).question, /adopt it again afterwards/);
  });

  it('comes back in the place of another database, where the folder knows whose place that is', async () => {
    const world = new GuardWorld(folder(), reader());
    const path = await world.make('seed.db');
    const { path: made } = await backups().make(path, 'asked', Date.now());
    execute(path, setId('forged'));
    assert.match((await plan(path, made)).question, /another database than this folder knows/);
    await world.guard.pin(path);
    await rejectsWith('other-database', plan(path, made));
  });

  it('is whole databases of Autopack only', async () => {
    const path = await new GuardWorld(folder(), reader()).make('seed.db');
    const ask = (which: string): Promise<unknown> =>
      backUpDatabase(reader(), { path: which, workspaceFolder: folder(), now: Date.now() });
    await ask(path);
    const damaged = join(folder(), 'damaged.db');
    await writeFile(damaged, (await readFile(path)).subarray(0, 50));
    await rejectsWith('corrupt', ask(damaged));
    await writeFile(damaged, (await readFile(path)).fill(0x5a, 3 * 4096 + 1, 6 * 4096));
    await rejectsWith('corrupt', ask(damaged));
    await writeFile(damaged, '');
    await rejectsWith('not-autopack', ask(damaged));
    await rejectsWith('not-found', ask(join(folder(), 'gone.db')));
    await rejectsWith('not-a-file', ask(folder()));
    assert.deepEqual(await backups().list(damaged), []);
  });

  it('names the file that could not be written, not the one that was read', async () => {
    const path = await new GuardWorld(folder(), reader()).make('seed.db');
    const made = join(folder(), 'kept.db');
    await copyFile((await backups().make(path, 'asked', Date.now())).path, made);
    await chmod(folder(), 0o755);
    await chmod(made, 0o444);
    await chmod(path, 0o444);
    const error = await asOrdinaryUser(() => rejectsWith('no-permission', copyDatabase(made, path)));
    assert.equal(error.message, `${path} cannot be written.`);
  });
});

function execute(path: string, sql: string): void {
  const database = new DatabaseSync(path);
  database.exec(sql);
  database.close();
}
