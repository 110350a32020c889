import assert from 'node:assert/strict';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { findPython } from '../../../../src/node/system/findProgram.ts';
import { rejectsWith } from '../../../support/rejectsWith.ts';
import { temporaryFolder } from '../../../support/temporaryFolder.ts';

describe('findPython', () => {
  const folder = temporaryFolder();
  const isWindows = process.platform === 'win32';
  const ending = isWindows ? '.exe' : '';
  const inEnvironment = isWindows ? 'Scripts/python.exe' : 'bin/python';
  const { PATH, VIRTUAL_ENV } = process.env;
  const workspace = (): string => join(folder(), 'workspace');
  beforeEach(() => {
    process.env.PATH = join(folder(), 'bin');
    delete process.env.VIRTUAL_ENV;
  });
  afterEach(() => {
    process.env.PATH = PATH;
    if (VIRTUAL_ENV !== undefined) process.env.VIRTUAL_ENV = VIRTUAL_ENV;
  });

  async function program(name: string): Promise<string> {
    const file = join(folder(), ...name.split('/'));
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, '');
    await chmod(file, 0o755);
    return file;
  }

  it('prefers setting, extension, activated environment, .venv, python3, python, in this order', async () => {
    const sources = { workspaceFolder: workspace() };
    const python = await program(`bin/python${ending}`);
    assert.equal(await findPython(sources), python);
    const python3 = await program(`bin/python3${ending}`);
    assert.equal(await findPython(sources), python3);
    const venv = await program(`workspace/.venv/${inEnvironment}`);
    assert.equal(await findPython(sources), venv);
    const activated = await program(`workspace/venv/${inEnvironment}`);
    process.env.VIRTUAL_ENV = join(workspace(), 'venv');
    assert.equal(await findPython(sources), activated);
    const extension = await program(`chosen${ending}`);
    assert.equal(await findPython({ ...sources, extension }), extension);
    const setting = await program(`workspace/set${ending}`);
    assert.equal(await findPython({ ...sources, extension, setting: './set' }), setting);
    assert.equal(await findPython({ ...sources, setting: 'python3' }), python3);
  });

  it('passes over what is not there or cannot be run, but not over a setting', async () => {
    await mkdir(join(folder(), 'bin', `python3${ending}`), { recursive: true });
    const python = await program(`bin/python${ending}`);
    assert.equal(
      await findPython({ workspaceFolder: workspace(), extension: join(folder(), 'gone') }),
      python,
    );
    const wrong = findPython({ workspaceFolder: workspace(), setting: './no-such' });
    assert.match((await rejectsWith('no-interpreter', wrong)).message, /no-such/);
  });

  it('says what to do where there is none', async () => {
    const error = await rejectsWith('no-interpreter', findPython({ workspaceFolder: workspace() }));
    assert.match(error.nextStep, /Install Python 3/);
  });

  it('takes none of the workspace or of a relative folder from the PATH', async () => {
    await program(`workspace/bin/python3${ending}`);
    process.env.PATH = [join(workspace(), 'bin'), '.', '', 'bin'].join(delimiter);
    await rejectsWith('no-interpreter', findPython({ workspaceFolder: workspace() }));
  });
});
