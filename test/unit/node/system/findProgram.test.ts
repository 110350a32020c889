import assert from 'node:assert/strict';
import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import {
  findProgram,
  psProgram,
  searchPath,
  windowsProgram,
} from '../../../../src/node/system/findProgram.ts';
import { temporaryFolder } from '../../../support/temporaryFolder.ts';

describe('findProgram', () => {
  const folder = temporaryFolder();
  const ending = process.platform === 'win32' ? '.exe' : '';

  async function program(...parts: readonly string[]): Promise<string> {
    const path = join(folder(), ...parts) + ending;
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, '');
    await chmod(path, 0o755);
    return path;
  }

  it('finds the first that lies outside, by its name and where links lead', async () => {
    const inside = await program('work', 'bin', 'git');
    const outside = await program('system', 'git');
    await mkdir(join(folder(), 'linked'));
    await symlink(inside, join(folder(), 'linked', `git${ending}`));
    await symlink(join(folder(), 'work', 'bin'), join(folder(), 'linkedFolder'));
    const find = (...folders: readonly string[]): string | null =>
      findProgram('git', {
        outside: [join(folder(), 'work')],
        environment: { PATH: folders.join(delimiter) },
      });
    const of = (name: string): string => join(folder(), name);
    assert.equal(find(of('work/bin'), of('linked'), of('linkedFolder'), of('none'), of('system')), outside);
    assert.equal(find(of('work/bin'), '.', '', 'bin'), null);
    assert.equal(find(''), null);
  });

  const entries: readonly (readonly [platform: NodeJS.Platform, entry: string, isSearched: boolean])[] = [
    ['linux', '/usr/bin', true],
    ['linux', '.', false],
    ['linux', 'bin', false],
    ['linux', './bin', false],
    ['linux', '~/bin', false],
    ['win32', 'C:\\Windows\\System32', true],
    ['win32', '"C:\\Program Files\\Git\\cmd"', true],
    ['win32', '\\\\server\\tools', true],
    ['win32', '.', false],
    ['win32', 'bin', false],
    ['win32', '\\bin', false],
    ['win32', 'C:bin', false],
    ['win32', '\\\\?\\C:\\bin', false],
    ['win32', '\\\\.\\pipe\\bin', false],
  ];
  for (const [platform, entry, isSearched] of entries) {
    it(`${isSearched ? 'searches' : 'passes over'} ${JSON.stringify(entry)} of the PATH on ${platform}`, () => {
      const name = platform === 'win32' ? 'Path' : 'PATH';
      const found = searchPath({ outside: [], environment: { [name]: entry }, platform });
      assert.deepEqual(found, isSearched ? [entry.replaceAll('"', '')] : []);
    });
  }

  it('knows where programs of the system lie', () => {
    const system32 = 'C:\\Windows\\System32\\';
    assert.equal(windowsProgram('taskkill', { SystemRoot: 'D:\\Win' }), 'D:\\Win\\System32\\taskkill.exe');
    for (const SYSTEMROOT of ['', '.', 'Windows', '\\Windows', undefined]) {
      assert.equal(windowsProgram('taskkill', { SYSTEMROOT }), `${system32}taskkill.exe`);
    }
    assert.equal(windowsProgram('powershell', {}), `${system32}WindowsPowerShell\\v1.0\\powershell.exe`);
    assert.match(psProgram() ?? '/bin/ps', /^\/(usr\/)?bin\/ps$/);
  });
});
