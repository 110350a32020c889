import assert from 'node:assert/strict';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { findPython } from '../../../../src/node/python/findPython.ts';
import { rejectsWith } from '../../../support/rejectsWith.ts';
import { temporaryFolder } from '../../../support/temporaryFolder.ts';

describe('findPython', () => {
  const folder = temporaryFolder();
  const isWindows = process.platform === 'win32';
  const ending = isWindows ? '.exe' : '';
  const virtual = isWindows ? '.venv/Scripts/python.exe' : '.venv/bin/python';
  const path = process.env.PATH;
  beforeEach(() => (process.env.PATH = join(folder(), 'bin')));
  afterEach(() => (process.env.PATH = path));

  async function program(name: string): Promise<string> {
    const file = join(folder(), ...name.split('/'));
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, '');
    await chmod(file, 0o755);
    return file;
  }

  it('prefers setting, extension, .venv, python3, python, in this order', async () => {
    const sources = { workspaceFolder: folder() };
    const python = await program(`bin/python${ending}`);
    assert.equal(await findPython(sources), python);
    const python3 = await program(`bin/python3${ending}`);
    assert.equal(await findPython(sources), python3);
    const venv = await program(virtual);
    assert.equal(await findPython(sources), venv);
    const extension = await program(`chosen${ending}`);
    assert.equal(await findPython({ ...sources, extension }), extension);
    const setting = await program(`set${ending}`);
    assert.equal(await findPython({ ...sources, extension, setting: './set' }), setting);
    assert.equal(await findPython({ ...sources, setting: 'python3' }), python3);
  });

  it('passes over what is not there or cannot be run, but not over a setting', async () => {
    await mkdir(join(folder(), 'bin', `python3${ending}`), { recursive: true });
    const python = await program(`bin/python${ending}`);
    assert.equal(await findPython({ workspaceFolder: folder(), extension: join(folder(), 'gone') }), python);
    const wrong = findPython({ workspaceFolder: folder(), setting: './no-such' });
    assert.match((await rejectsWith('no-interpreter', wrong)).message, /no-such/);
  });

  it('says what to do where there is none', async () => {
    const error = await rejectsWith('no-interpreter', findPython({ workspaceFolder: folder() }));
    assert.match(error.nextStep, /Install Python 3/);
  });
});
