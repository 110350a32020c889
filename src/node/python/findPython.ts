import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { isAbsolute, join, resolve } from 'node:path';
import { UserFacingError } from '../../core/errors.ts';
import { searchPath } from '../programs/findProgram.ts';

/** Where a Python may be named, in the order of preference; all may be missing. */
export interface PythonSources {
  /** The user's setting: a path, absolute or relative to the workspace folder, or a command on the PATH. */
  readonly setting?: string | undefined;
  /** What the editor's Python extension has chosen; absolute. */
  readonly extension?: string | undefined;
  /** Absolute. */
  readonly workspaceFolder: string;
}

const isWindows = process.platform === 'win32';
const endings = isWindows ? ['.exe', '.cmd', '.bat', ''] : [''];

/**
 * The Python to run the reference's script with: setting, Python extension, the activated environment, `.venv`, and
 * `python3` or `python` on the PATH outside of the workspace. Absolute.
 * Fails with `no-interpreter`; a setting that names nothing fails, too, rather than being passed over.
 */
export async function findPython({ setting, extension, workspaceFolder }: PythonSources): Promise<string> {
  if (setting !== undefined && setting.trim() !== '') {
    const named = await locate(setting.trim(), workspaceFolder);
    if (named !== null) return named;
    throw new UserFacingError(
      'no-interpreter',
      `The Python interpreter in the settings, ${setting}, is not there.`,
      'Correct the setting, or clear it to have an interpreter found.',
    );
  }
  const inEnvironment = isWindows ? join('Scripts', 'python.exe') : join('bin', 'python');
  const { VIRTUAL_ENV: activated = '' } = process.env;
  const places = [
    extension,
    isAbsolute(activated) ? join(activated, inEnvironment) : undefined,
    join(workspaceFolder, '.venv', inEnvironment),
    ...['python3', 'python'],
  ];
  for (const place of places) {
    const found = place === undefined || place === '' ? null : await locate(place, workspaceFolder);
    if (found !== null) return found;
  }
  throw new UserFacingError(
    'no-interpreter',
    'No Python interpreter was found.',
    'Install Python 3, create a .venv in the workspace folder, or name an interpreter.',
  );
}

async function locate(place: string, workspaceFolder: string): Promise<string | null> {
  if (isAbsolute(place) || /[\\/]/.test(place)) return firstRunnable(resolve(workspaceFolder, place));
  for (const folder of pythonFolders(workspaceFolder)) {
    const found = await firstRunnable(join(folder, place));
    if (found !== null) return found;
  }
  return null;
}

function pythonFolders(workspaceFolder: string): string[] {
  const folders = searchPath({ outside: [workspaceFolder, process.cwd()] });
  // What Windows keeps there under the name of Python only opens its store.
  return isWindows ? folders.filter((folder) => !/\\WindowsApps\\?$/i.test(folder)) : folders;
}

async function firstRunnable(path: string): Promise<string | null> {
  for (const ending of endings) {
    if (await isRunnable(path + ending)) return path + ending;
  }
  return null;
}

async function isRunnable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}
