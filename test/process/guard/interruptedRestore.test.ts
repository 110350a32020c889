import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Backups } from '../../../src/node/maintenance/backups.ts';
import { interruptedRestore, noteRestoring } from '../../../src/node/maintenance/interruptedRestore.ts';
import { planRestoration, restoreDatabase } from '../../../src/node/maintenance/restoreDatabase.ts';
import { GuardWorld, suiteReader } from '../../support/guard/guardWorld.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';

describe('a restore that was interrupted', function () {
  this.timeout(20_000);
  const folder = temporaryFolder();
  const reader = suiteReader();
  const backups = (): Backups => new Backups(folder());

  /** As a process leaves it that is killed once it has made the backup for safety. */
  async function interrupt(path: string, now: number): Promise<{ from: string; safetyCopy: string }> {
    const { path: from } = await backups().make(path, 'asked', now - 1000);
    let safetyCopy = '';
    const never = new Promise<void>(() => undefined);
    void noteRestoring({ path, backupPath: from, workspaceFolder: folder(), now }, async () => {
      safetyCopy = (await backups().add(path, 'restore', now)).path;
      return never;
    });
    while (safetyCopy === '') await new Promise((resolve) => setTimeout(resolve, 5));
    return { from, safetyCopy };
  }

  it('is known by its note, until another restore of the database ends or another backup is made', async () => {
    const path = await new GuardWorld(folder(), reader()).make('seed.db');
    assert.equal(await interruptedRestore(path, folder()), null);
    const left = await interrupt(path, Date.now());
    assert.deepEqual(await interruptedRestore(path, folder()), left);
    await backups().make(path, 'requeue', Date.now());
    assert.equal(await interruptedRestore(path, folder()), null);
    const again = await interrupt(path, Date.now() + 1000);
    assert.deepEqual(await interruptedRestore(path, folder()), again);
    const { fileId } = await planRestoration(reader(), {
      path,
      backupPath: again.from,
      workspaceFolder: folder(),
    });
    const now = Date.now() + 2000;
    await restoreDatabase({ path, backupPath: again.from, workspaceFolder: folder(), now, fileId });
    assert.equal(await interruptedRestore(path, folder()), null);
  });

  for (const text of [
    '',
    '{',
    '[]',
    '{"version":1}',
    '{"version":1,"from":"","now":1}',
    '\0'.repeat(100_000),
  ]) {
    it(`is none where the note is ${JSON.stringify(text.slice(0, 40))}`, async () => {
      const path = await new GuardWorld(folder(), reader()).make('seed.db');
      await interrupt(path, Date.now());
      await writeFile(join((await backups().folderOf(path)).path, 'restoring.json'), text);
      assert.equal(await interruptedRestore(path, folder()), null);
    });
  }
});
