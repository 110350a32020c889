import assert from 'node:assert/strict';
import { appendFile, chmod, mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UserFacingError } from '../../../../src/core/errors.ts';
import { readLogFolder, fileBytes } from '../../../../src/node/telemetry/readLogFolder.ts';
import { asOrdinaryUser } from '../../../support/asOrdinaryUser.ts';
import { skipBecause } from '../../../support/skipBecause.ts';
import { temporaryFolder } from '../../../support/temporaryFolder.ts';

const v1 = (predicted: number): string =>
  `[TokenEstimation] Predicted: ${predicted} output tokens, Actual: 128 output tokens, Error: 57.3%`;

describe('log folder', () => {
  const folder = temporaryFolder();

  it('reads .log and .txt files, folders in it too, by name, with any line ends, and no links', async () => {
    await mkdir(join(folder(), '.autonomous_runs', 'x'), { recursive: true });
    await writeFile(join(folder(), 'b.log'), `noise\r\n${v1(1)}\r\n${v1(2)}`);
    await writeFile(join(folder(), '.autonomous_runs', 'x', 'r__p.stdout.TXT'), `${v1(3)}\n`);
    await writeFile(join(folder(), 'notes.md'), v1(4));
    await symlink(folder(), join(folder(), 'loop.log'));
    const logs = await readLogFolder(folder());
    assert.deepEqual(
      logs.map(({ name, samples }) => [
        name,
        ...samples.map(({ predicted, line }) => `${line}: ${predicted}`),
      ]),
      [
        ['.autonomous_runs/x/r__p.stdout.TXT', '1: 3'],
        ['b.log', '2: 1', '3: 2'],
      ],
    );
  });

  it('reads UTF-16, and a line of many megabytes without keeping it', async () => {
    await writeFile(join(folder(), 'a.log'), `\uFEFF${v1(1)}\r\né ${v1(2)}\r\n`, 'utf16le');
    await writeFile(join(folder(), 'b.log'), `${'x'.repeat(5_000_000)}\n${v1(3)}\n`);
    const logs = await readLogFolder(folder());
    assert.deepEqual(
      logs.map(({ samples }) => samples.map(({ predicted }) => predicted)),
      [[1, 2], [3]],
    );
  });

  it('reads a file that grows as far as it went when it was opened', async () => {
    const path = join(folder(), 'a.log');
    await writeFile(path, `${v1(1)}\n`.repeat(5000));
    let read = 0;
    for await (const piece of fileBytes(path)) {
      read += piece.length;
      await appendFile(path, piece);
    }
    assert.equal(read, 5000 * (v1(1).length + 1));
  });

  it('names the file or folder that it may not read', async function () {
    if (process.platform === 'win32') skipBecause(this, 'permissions of files are others on Windows');
    const isAboutIt = (path: string) => (error: unknown) =>
      error instanceof UserFacingError &&
      error.code === 'no-permission' &&
      error.message === `Access to ${path} was denied.`;
    const closed = join(folder(), 'closed.log');
    await chmod(folder(), 0o755);
    await writeFile(closed, v1(1));
    await chmod(closed, 0);
    await assert.rejects(
      asOrdinaryUser(() => readLogFolder(folder())),
      isAboutIt(closed),
    );
    await mkdir(join(folder(), 'closed'), { mode: 0 });
    await assert.rejects(
      asOrdinaryUser(() => readLogFolder(folder())),
      isAboutIt(join(folder(), 'closed')),
    );
    await chmod(join(folder(), 'closed'), 0o755);
  });

  it('says what is missing', async () => {
    const isNotFound = (error: unknown) => error instanceof UserFacingError && error.code === 'not-found';
    await assert.rejects(readLogFolder(join(folder(), 'gone')), isNotFound);
    await assert.rejects(readLogFolder(folder()), isNotFound);
  });

  it('stops when cancelled', async () => {
    await writeFile(join(folder(), 'a.log'), v1(1));
    await assert.rejects(
      readLogFolder(folder(), AbortSignal.abort()),
      (error) => error instanceof UserFacingError && error.code === 'cancelled',
    );
  });
});
