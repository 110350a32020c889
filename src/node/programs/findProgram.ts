import { accessSync, constants, existsSync, realpathSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join, posix, relative, sep, win32 } from 'node:path';

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
