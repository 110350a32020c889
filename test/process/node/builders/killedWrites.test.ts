import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { readCheckpoint } from '../../../../src/node/builders/checkpoint.ts';
import { DeliverableFiles } from '../../../../src/node/builders/deliverableFiles.ts';
import { killedAnswer } from '../../../support/builders/killedAnswer.ts';
import { changedPaths, folderSnapshot } from '../../../support/folderSnapshot.ts';
import { temporaryFolder } from '../../../support/temporaryFolder.ts';
import { attemptFolder } from '../../../support/builders/attemptFolder.ts';

const program = join(import.meta.dirname, '../../../support/builders/writeRepeatedly.ts');
/** How often it is killed; each process writes about a dozen times in the longest of these waits. */
const kills = 12;
const longestWaitMs = 150;

describe('A process that is killed while it writes the files of a phase', () => {
  const folder = temporaryFolder();

  it('leaves every file whole, and all can be put back', async function () {
    this.timeout(120_000);
    const workspace = folder();
    await mkdir(join(workspace, 'lib'));
    await writeFile(join(workspace, 'lib/there.py'), 'old = 1\n');
    await writeFile(join(workspace, 'lib/large.py'), 'old = 2\n'.repeat(30_000));
    const snapshot = (): Map<string, string> =>
      folderSnapshot(workspace, (path) => path === '.autonomous_runs');
    const before = snapshot();
    const old = new Map(
      await Promise.all(
        killedAnswer.map(
          async ({ path }) =>
            [path, await readFile(join(workspace, path), 'utf8').catch(() => null)] as const,
        ),
      ),
    );
    let cutShort = 0;
    for (let kill = 0; kill < kills; kill += 1) {
      const child = spawn(process.execPath, [program, workspace], { stdio: ['ignore', 'pipe', 'inherit'] });
      await once(child.stdout, 'data');
      await wait((longestWaitMs * kill) / kills);
      child.kill('SIGKILL');
      await once(child, 'close');
      for (const { path, content } of killedAnswer) {
        const now = await readFile(join(workspace, path), 'utf8').catch(() => null);
        assert.ok(now === content || now === old.get(path), `${path} is neither old nor new`);
      }
      const isChanged = changedPaths(before, snapshot()).length > 0;
      if (isChanged) cutShort += 1;
      const files = new DeliverableFiles(workspace);
      for (let attempt = 1; ; attempt += 1) {
        const folderOfAttempt = attemptFolder(workspace, attempt);
        if ((await readCheckpoint(workspace, folderOfAttempt)) === null) break;
        assert.deepEqual(await files.restore(folderOfAttempt), []);
      }
      assert.deepEqual(changedPaths(before, snapshot()), [], `after kill ${kill}`);
    }
    assert.ok(cutShort >= kills / 10, `only ${cutShort} of ${kills} were killed while files were written`);
  });
});
