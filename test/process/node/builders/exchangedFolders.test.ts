import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UserFacingError } from '../../../../src/core/errors.ts';
import { DeliverableFiles } from '../../../../src/node/builders/deliverableFiles.ts';
import { changedPaths, folderSnapshot } from '../../../support/folderSnapshot.ts';
import { phaseBrief } from '../../../support/phaseBrief.ts';
import { skipBecause } from '../../../support/skipBecause.ts';
import { temporaryFolder } from '../../../support/temporaryFolder.ts';
import { attemptFolder } from '../../../support/builders/attemptFolder.ts';

const exchanger = join(import.meta.dirname, '../../../support/builders/exchangeForLinks.ts');
const attempts = 60;

describe('A folder or a file that is exchanged for a link all the time', () => {
  const around = temporaryFolder();

  it('never leads a write, nor what is put back, out of the workspace', async function () {
    this.timeout(60_000);
    if (process.platform === 'win32') skipBecause(this, 'links need a right of their own there');
    const workspace = join(around(), 'workspace');
    const outside = join(around(), 'outside');
    await mkdir(join(workspace, 'lib/sub'), { recursive: true });
    await mkdir(join(outside, 'sub'), { recursive: true });
    for (const path of [join(workspace, 'lib/sub/a.py'), join(outside, 'sub/a.py'), join(outside, 'a.py')])
      await writeFile(path, 'old = 1\n');
    const before = folderSnapshot(outside);
    const child = fork(exchanger, [workspace, outside]);
    await once(child, 'message');
    const brief = phaseBrief({ paths: ['lib/'] });
    const files = new DeliverableFiles(workspace);
    let met = 0;
    try {
      for (let attempt = 1; attempt <= attempts; attempt += 1) {
        const folder = attemptFolder(workspace, attempt);
        try {
          const plan = await files.plan(brief, [
            { path: 'lib/sub/a.py', content: `new = ${attempt}\n` },
            { path: `lib/sub/made/b${attempt}.py`, content: 'made = 1\n' },
          ]);
          if (plan.refused.length > 0) met += 1;
          await files.write(plan, folder);
          await files.restore(folder);
        } catch (error) {
          if (!(error instanceof UserFacingError)) throw error;
          met += 1;
        }
      }
    } finally {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
    assert.deepEqual(changedPaths(before, folderSnapshot(outside)), []);
    assert.ok(met > 0, 'no link was ever met');
  });
});
