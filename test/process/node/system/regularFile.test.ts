import assert from 'node:assert/strict';
import { symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CancelledError, UserFacingError } from '../../../../src/core/errors.ts';
import { readFileEnd, readSmallFile, refuseDeviceName } from '../../../../src/node/system/regularFile.ts';
import { endless, planted } from '../../../support/plantedFile.ts';
import { temporaryFolder } from '../../../support/temporaryFolder.ts';

const most = 64 * 1024;
/** Long enough for a busy machine, and far below what a read that blocks would take. */
const promptMs = 3000;

describe('Reading a file that others may have made', () => {
  const folder = temporaryFolder();

  for (const { kind, plant, message } of [...planted, endless]) {
    it(`refuses ${kind} at once, and says so`, async () => {
      const path = join(folder(), 'planted');
      await plant(path);
      const startedAt = Date.now();
      await assert.rejects(readSmallFile(path, most), (error) => {
        assert.ok(error instanceof UserFacingError);
        assert.match(error.message, message);
        assert.ok(error.message.startsWith(path), error.message);
        return true;
      });
      assert.ok(Date.now() - startedAt < promptMs);
    });
  }

  for (const target of [
    '/dev/zero',
    '/dev/ptmx',
    '/dev/tty',
    '/dev/urandom',
    '/proc/self/mem',
    '/proc/kcore',
    '/proc/kmsg',
  ]) {
    it(`never ends up reading ${target} where links may be followed`, async () => {
      const path = join(folder(), 'planted');
      await symlink(target, path);
      await assert.rejects(readSmallFile(path, most, { followLinks: true }));
    });
  }

  it('reads what a link leads to where a person named it', async () => {
    await writeFile(join(folder(), 'target'), 'content');
    await symlink('target', join(folder(), 'link'));
    assert.equal(await readSmallFile(join(folder(), 'link'), most, { followLinks: true }), 'content');
  });

  it('reads files of the system that say they are empty', async () => {
    assert.match(await readSmallFile('/proc/self/stat', most), /^\d+ \(/);
  });

  for (const length of [0, 1, most - 1, most]) {
    it(`reads all ${length} bytes of a file within the limit`, async () => {
      const path = join(folder(), 'file');
      await writeFile(path, 'x'.repeat(length));
      assert.equal((await readSmallFile(path, most)).length, length);
    });
  }

  it('refuses one byte more than the limit', async () => {
    const path = join(folder(), 'file');
    await writeFile(path, 'x'.repeat(most + 1));
    await assert.rejects(readSmallFile(path, most), /is larger than 64 KB/);
  });

  it('leaves the error of the system where there is no file', async () => {
    await assert.rejects(readSmallFile(join(folder(), 'none'), most), { code: 'ENOENT' });
  });

  it('can be cancelled before and while it waits for its turn', async () => {
    const path = join(folder(), 'file');
    await writeFile(path, 'content');
    await assert.rejects(readSmallFile(path, most, { signal: AbortSignal.abort() }), CancelledError);
    const cancel = new AbortController();
    const many = Array.from({ length: 50 }, () => readSmallFile(path, most, { signal: cancel.signal }));
    const outcomes = Promise.allSettled(many);
    cancel.abort();
    assert.ok((await outcomes).some(({ status }) => status === 'rejected'));
    assert.equal(await readSmallFile(path, most), 'content');
  });

  it('reads many at once without taking every thread', async () => {
    const paths = Array.from({ length: 300 }, (_, index) => join(folder(), `file-${index}`));
    await Promise.all(paths.map((path) => writeFile(path, path)));
    assert.deepEqual(await Promise.all(paths.map((path) => readSmallFile(path, most))), paths);
  });

  it('reads the end of a long file, from a whole character on', async () => {
    const path = join(folder(), 'log');
    await writeFile(path, `${'ü'.repeat(10_000)}end`);
    assert.equal(await readFileEnd(path, 6), 'üend');
    assert.equal(await readFileEnd(path, 1_000_000), `${'ü'.repeat(10_000)}end`);
  });
});

describe('Names that Windows takes for devices', () => {
  const devices = [
    'C:\\work\\CON',
    'C:\\work\\nul.txt',
    'C:\\work\\aux .env',
    'C:\\COM1\\.env',
    'C:\\work\\LPT9.json',
    'C:\\work\\com\u00b9',
    'C:\\work\\CONIN$',
    'C:/repo/prn',
    'nul:',
    '\\\\.\\PhysicalDrive0',
    '\\\\.\\pipe\\autopack',
    '//./pipe/autopack',
    '\\\\?\\GLOBALROOT\\Device\\Null',
    '\\\\server\\pipe\\autopack',
    '\\\\server\\mailslot\\autopack',
  ];
  for (const path of devices) {
    it(`refuses ${path} there`, () => {
      assert.throws(() => refuseDeviceName(path, 'win32'), { code: 'unreadable' });
      assert.doesNotThrow(() => refuseDeviceName(path, 'linux'));
    });
  }
  for (const path of [
    'C:\\work\\.env',
    'C:\\console\\a.json',
    'C:\\work\\null.db',
    '\\\\?\\C:\\long\\a',
    '\\\\?\\UNC\\server\\share\\a',
    '\\\\server\\share\\a',
    'C:\\com10\\a',
  ]) {
    it(`allows ${path}`, () => assert.doesNotThrow(() => refuseDeviceName(path, 'win32')));
  }
});
