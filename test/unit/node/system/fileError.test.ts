import assert from 'node:assert/strict';
import { resourceError, UserFacingError } from '../../../../src/core/errors.ts';
import { fileError } from '../../../../src/node/system/fileError.ts';

const failed = (code: string, syscall: string): Error =>
  Object.assign(new Error(`${code}: it failed, ${syscall}`), { code, syscall });

describe('errors of files', () => {
  for (const [code, syscall, of, message] of [
    // As reading /proc/self/mem, /proc/kmsg and a device without a driver gives them.
    ['EIO', 'read', 'unreadable', '/a cannot be read or written: EIO: it failed, read.'],
    ['EAGAIN', 'read', 'unreadable', '/a cannot be read or written: EAGAIN: it failed, read.'],
    ['ENXIO', 'open', 'unreadable', '/a cannot be read or written: ENXIO: it failed, open.'],
    ['EINVAL', 'read', 'unreadable', '/a cannot be read or written: EINVAL: it failed, read.'],
    ['ENAMETOOLONG', 'open', 'invalid-argument', '/a is too long for a name here.'],
    ['ENOSPC', 'write', 'disk-full', 'There is no space left to write /a.'],
    ['EMFILE', 'open', 'no-resources', 'The system has no file descriptors left for this.'],
  ] as const) {
    it(`say in words that ${syscall} gave ${code}`, () => {
      const error = fileError(failed(code, syscall), '/a');
      assert.ok(error instanceof UserFacingError);
      assert.deepEqual([error.code, error.message], [of, message]);
    });
  }

  it('are known by their words where they have no code, as of a module that cannot be loaded', () => {
    const error = new Error('Cannot read package config /a/package.json: too many open files.');
    assert.match(resourceError(error)?.message ?? '', /no file descriptors left/);
    assert.equal(resourceError(new Error('The table has too many open files to count.')), null);
  });

  it('are given back where they are of our own making', () => {
    const mistake = new TypeError('no function');
    assert.equal(fileError(mistake, '/a'), mistake);
  });

  it('tell a device without data from a system that starts no more processes', () => {
    assert.equal(resourceError(failed('EAGAIN', 'read')), null);
    assert.match(resourceError(failed('EAGAIN', 'spawn git'))?.message ?? '', /no processes left/);
  });
});
