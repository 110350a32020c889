/** Whose rules a path follows; the core has no operating system, so its callers say. */
export type PathStyle = 'posix' | 'win32';

const drive = /^[a-z]:/i;
const drivePath = /^[a-z]:[\\/]/i;
const uncPath = /^[\\/]{2}[^\\/]+[\\/]+[^\\/]+/;

/** Whether a path names one file on its own: on Windows that takes a drive or a share, not a leading slash alone. */
export function isAbsolutePath(path: string, style: PathStyle): boolean {
  return style === 'posix' ? path.startsWith('/') : drivePath.test(path) || uncPath.test(path);
}

/** Where a folder really is (absolute), with its symbolic links followed. */
export type RealFolder = (folder: string) => string;

/**
 * Joins `path` to the absolute `baseFolder` unless it is absolute, and removes `.`, `..` and doubled separators. On POSIX
 * `..` behind a link means the parent of the link's target, which `realFolder` resolves. Windows
 * itself goes by the names alone.
 */
export function resolvePath(
  path: string,
  baseFolder: string,
  style: PathStyle,
  realFolder: RealFolder = (folder) => folder,
): string {
  if (isAbsolutePath(path, style)) return normalise(path, style, realFolder);
  if (style === 'posix') return normalise(`${baseFolder}/${path}`, style, realFolder);
  if (drive.test(path)) return normaliseDriveRelative(path, baseFolder);
  // `\x.db` is rooted in the drive or share of the base folder.
  if (/^[\\/]/.test(path)) return normalise(windowsRoot(baseFolder) + path, style);
  return normalise(`${baseFolder}\\${path}`, style);
}

/** `C:x.db` lies in the base folder when that is on the same drive, otherwise in the root of its own. */
function normaliseDriveRelative(path: string, baseFolder: string): string {
  const [letter, rest] = [path.slice(0, 2), path.slice(2)];
  const sameDrive = baseFolder.slice(0, 2).toLowerCase() === letter.toLowerCase();
  return normalise(`${sameDrive ? baseFolder : letter}\\${rest}`, 'win32');
}

function windowsRoot(absolute: string): string {
  return uncPath.exec(absolute)?.[0] ?? absolute.slice(0, 2);
}

function normalise(absolute: string, style: PathStyle, realFolder: RealFolder = (folder) => folder): string {
  const root = style === 'posix' ? '' : windowsRoot(absolute);
  const separator = style === 'posix' ? '/' : '\\';
  let kept: string[] = [];
  for (const part of absolute.slice(root.length).split(style === 'posix' ? '/' : /[\\/]/)) {
    if (part === '..') {
      if (style === 'posix')
        kept = realFolder(`/${kept.join('/')}`)
          .split('/')
          .filter((name) => name !== '');
      kept.pop();
    } else if (part !== '' && part !== '.') kept.push(part);
  }
  return root.replaceAll('/', '\\').replace(/\\$/, '') + separator + kept.join(separator);
}
