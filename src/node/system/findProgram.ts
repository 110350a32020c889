import { accessSync, constants, existsSync, realpathSync, statSync } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join, posix, relative, sep, win32, resolve } from 'node:path';
import { UserFacingError } from '../../core/errors.ts';
import { t } from '../../core/text/l10n.ts';

/** Whose programs are looked for, and where they must not lie. */
export interface ProgramSearch {
  /** Folders (absolute) whose programs are never started: of the workspace, or of a repository that is asked about. */
  readonly outside: readonly string[];
  readonly environment?: Readonly<Record<string, string | undefined>>;
  readonly platform?: NodeJS.Platform;
}

/**
 * The absolute path of a program on the PATH, without the ending `.exe`; `null` where there is none. Relative entries,
 * the current folder (where Windows looks first) and folders of the workspace are passed over, also behind links.
 */
export function findProgram(name: string, search: ProgramSearch): string | null {
  const { platform = process.platform } = search;
  for (const folder of searchPath(search)) {
    const path = platform === 'win32' ? win32.join(folder, `${name}.exe`) : join(folder, name);
    if (isProgram(path) && !isInside(path, search.outside)) return path;
  }
  return null;
}

/** The folders of the PATH in which programs may be looked for; see {@link findProgram}. */
export function searchPath({
  outside,
  environment = process.env,
  platform = process.platform,
}: ProgramSearch): string[] {
  const rules = platform === 'win32' ? win32 : posix;
  const entries = Object.entries(environment).filter(
    ([name]) => (platform === 'win32' ? name.toUpperCase() : name) === 'PATH',
  );
  return (entries[0]?.[1] ?? '')
    .split(rules.delimiter)
    .map((entry) => (platform === 'win32' ? entry.replace(/^"(.*)"$/, '$1') : entry))
    .filter((entry) => isFullPath(entry, platform) && !isInside(entry, outside));
}

/** Programs of Windows itself, which lie where the system says and nowhere else. */
const windowsPrograms = {
  powershell: ['System32', 'WindowsPowerShell', 'v1.0', 'powershell.exe'],
  taskkill: ['System32', 'taskkill.exe'],
} as const;

/** The absolute path of a program of Windows. */
export function windowsProgram(
  name: keyof typeof windowsPrograms,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): string {
  const root = Object.entries(environment).find(([key]) => key.toUpperCase() === 'SYSTEMROOT')?.[1] ?? '';
  return win32.join(isFullPath(root, 'win32') ? root : 'C:\\Windows', ...windowsPrograms[name]);
}

/** `ps` of a POSIX system, absolute; `null` without one. */
export function psProgram(): string | null {
  return ['/bin/ps', '/usr/bin/ps'].find(isProgram) ?? null;
}

/** The folders that belong to the same work as `folder` (absolute): itself, and the repository it lies in. */
export function workOf(folder: string): string[] {
  for (let root = folder; dirname(root) !== root; root = dirname(root)) {
    if (existsSync(join(root, '.git'))) return [folder, root];
  }
  return [folder];
}

/** On Windows, `\x` and `C:x` depend on the current drive and folder. */
function isFullPath(path: string, platform: NodeJS.Platform): boolean {
  return platform === 'win32' ? /^(?:[a-z]:[\\/]|\\\\[^\\/?.])/i.test(path) : path.startsWith('/');
}

/** By its name, or where links lead. A whole drive or home is no workspace: a person's own programs lie there. */
function isInside(path: string, folders: readonly string[]): boolean {
  return folders.some((folder) => {
    if (isWithin(homedir(), folder)) return false;
    return [path, real(path)].some((each) => [folder, real(folder)].some((within) => isWithin(each, within)));
  });
}

function isWithin(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way));
}

function real(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

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
 * The Python to run Autopack's script with: setting, Python extension, the activated environment, `.venv`, and
 * `python3` or `python` on the PATH outside of the workspace. Absolute.
 * Fails with `no-interpreter`; a setting that names nothing fails, too, rather than being passed over.
 */
export async function findPython({ setting, extension, workspaceFolder }: PythonSources): Promise<string> {
  if (setting !== undefined && setting.trim() !== '') {
    const named = await locate(setting.trim(), workspaceFolder);
    if (named !== null) return named;
    throw new UserFacingError(
      'no-interpreter',
      t`The Python interpreter in the settings, ${setting}, is not there.`,
      t`Correct the setting, or clear it to have an interpreter found.`,
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
    t`No Python interpreter was found.`,
    t`Install Python 3, create a .venv in the workspace folder, or name an interpreter.`,
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
