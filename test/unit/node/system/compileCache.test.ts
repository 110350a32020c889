import assert from 'node:assert/strict';
import { cacheFolderOf } from '../../../../src/node/system/compileCache.ts';

describe('the folder for compiled code', () => {
  it("is the system's for caches of this user, never one for temporary files", () => {
    assert.equal(cacheFolderOf('linux', {}, '/home/ada'), '/home/ada/.cache');
    assert.equal(cacheFolderOf('linux', { XDG_CACHE_HOME: '/var/ada' }, '/home/ada'), '/var/ada');
    assert.equal(
      cacheFolderOf('darwin', { XDG_CACHE_HOME: '/var/ada' }, '/Users/ada'),
      '/Users/ada/Library/Caches',
    );
    assert.match(cacheFolderOf('win32', {}, 'C:\\Users\\ada'), /AppData.Local$/);
    assert.equal(cacheFolderOf('win32', { LOCALAPPDATA: 'D:\\Local' }, 'C:\\Users\\ada'), 'D:\\Local');
  });

  it('is no folder of the current one, whatever the variable says', () => {
    assert.equal(cacheFolderOf('linux', { XDG_CACHE_HOME: 'cache' }, '/home/ada'), '/home/ada/.cache');
  });
});
