import assert from 'node:assert/strict';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UserFacingError } from '../../../../src/core/errors.ts';
import { readLogFolder } from '../../../../src/node/telemetry/readLogFolder.ts';
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
