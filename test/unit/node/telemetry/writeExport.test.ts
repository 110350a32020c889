import assert from 'node:assert/strict';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UserFacingError } from '../../../../src/core/errors.ts';
import { writeExport } from '../../../../src/node/telemetry/writeExport.ts';
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
});
