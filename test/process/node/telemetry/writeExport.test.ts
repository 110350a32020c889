import assert from 'node:assert/strict';
import { chmod, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UserFacingError } from '../../../../src/core/errors.ts';
import { writeExport } from '../../../../src/node/telemetry/writeExport.ts';
import { asOrdinaryUser } from '../../../support/asOrdinaryUser.ts';
import { smallDisk } from '../../../support/smallDisk.ts';
import { temporaryFolder } from '../../../support/temporaryFolder.ts';

async function* chunks(...parts: readonly (string | Error)[]): AsyncGenerator<string> {
  for (const part of parts) {
    if (part instanceof Error) throw part;
    yield await Promise.resolve(part);
  }
}

const hasCode = (code: string) => (error: unknown) => error instanceof UserFacingError && error.code === code;

describe('export file', () => {
  const folder = temporaryFolder();
  const path = () => join(folder(), 'out.csv');

  it('holds what was given, and nothing else is left in the folder', async () => {
    await writeExport({ path: path(), overwrite: false }, chunks('a,', 'b\n'));
    assert.equal(await readFile(path(), 'utf8'), 'a,b\n');
    assert.deepEqual(await readdir(folder()), ['out.csv']);
  });

  it('replaces nothing unless told to', async () => {
    await writeFile(path(), 'mine');
    await assert.rejects(writeExport({ path: path(), overwrite: false }, chunks('x')), hasCode('exists'));
    assert.equal(await readFile(path(), 'utf8'), 'mine');
    await writeExport({ path: path(), overwrite: true }, chunks('x'));
    assert.equal(await readFile(path(), 'utf8'), 'x');
  });

  it('leaves what was there, and no part of its own, when it fails or is stopped', async () => {
    await writeFile(path(), 'mine');
    const failing = chunks('half', new Error('the database went away'));
    await assert.rejects(writeExport({ path: path(), overwrite: true }, failing), /went away/);
    const stopped = writeExport({ path: path(), overwrite: true }, chunks('x'), AbortSignal.abort());
    await assert.rejects(stopped, hasCode('cancelled'));
    assert.equal(await readFile(path(), 'utf8'), 'mine');
    assert.deepEqual(await readdir(folder()), ['out.csv']);
  });

  it('says that the folder is missing', async () => {
    const gone = join(folder(), 'gone', 'out.csv');
    await assert.rejects(writeExport({ path: gone, overwrite: false }, chunks('x')), hasCode('not-found'));
  });

  it('says that the folder cannot be written, and what to do', async () => {
    await chmod(folder(), 0o555);
    const refused = asOrdinaryUser(() => writeExport({ path: path(), overwrite: true }, chunks('x')));
    await assert.rejects(refused, (error) => {
      assert.ok(error instanceof UserFacingError && error.code === 'no-permission');
      assert.match(`${error.message} ${error.nextStep}`, /cannot be written.* Choose another folder/);
      return true;
    });
  });

  it('says that the disk is full, and leaves no part of the export on it', async function () {
    const disk = smallDisk(this, join(folder(), 'small'), 64);
    try {
      const target = join(folder(), 'small', 'out.csv');
      const much = chunks('x'.repeat(60_000), 'x'.repeat(60_000));
      await assert.rejects(writeExport({ path: target, overwrite: true }, much), hasCode('disk-full'));
      assert.deepEqual(await readdir(join(folder(), 'small')), []);
    } finally {
      disk.unmount();
    }
  });
});
