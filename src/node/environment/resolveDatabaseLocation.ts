import { closeSync, constants, existsSync, lstatSync, openSync, readSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { formatDatabaseUrl, isRelativeUrl, resolveDatabasePaths } from '../../core/db/databaseUrl.ts';
import type { PathStyle } from '../../core/db/pathStyle.ts';
import { UserFacingError } from '../../core/errors.ts';
import { openFlag } from '../files/regularFile.ts';

/** Whose path rules hold on this machine. */
export const nativePathStyle: PathStyle = process.platform === 'win32' ? 'win32' : 'posix';

/** More than Autopack's module ever had, in bytes. */
const longestModule = 512 * 1024;

/**
 * The absolute path that a path or `sqlite:///` URL means, relative ones against `baseFolder` (absolute); a relative URL
 * below Autopack's repository means its root, see {@link baseOfRelativeUrl}.
 * Where versions of SQLAlchemy read the URL differently, the reading whose file exists is meant.
 * Throws `invalid-url`, also when that does not decide it.
 */
export function resolveDatabaseLocation(given: string, baseFolder: string): string {
  const base = isRelativeUrl(given, nativePathStyle) ? baseOfRelativeUrl(baseFolder) : baseFolder;
  const paths = resolveDatabasePaths(given, base, nativePathStyle, realFolder);
  const [first, second] = paths.length === 1 ? paths : paths.filter((path) => existsSync(path));
  if (first !== undefined && second === undefined) return first;
  throw new UserFacingError(
    'invalid-url',
    `The URL holds percent escapes, which SQLAlchemy 2.0 takes literally and 2.1 decodes: it names ${paths.join(' or ')}.`,
    `Give the path itself, or a URL without escapes such as ${formatDatabaseUrl(paths.at(-1) ?? given)}.`,
  );
}

/**
 * The folder that Autopack takes a relative URL to start from when it is run in `folder` (absolute): since the end of
 * December 2025 the root of its repository, however deep below it; before that, and elsewhere, the folder itself.
 */
export function baseOfRelativeUrl(folder: string): string {
  for (let root = folder; ; root = dirname(root)) {
    const module = join(root, 'src', 'autopack', 'config.py');
    if (isRegularFile(module)) return root !== folder && resolvesAtRoot(module) ? root : folder;
    if (dirname(root) === root) return folder;
  }
}

/** Its `get_database_url()` climbs from its own file to the root: `Path(__file__).resolve().parents[2]`. */
function resolvesAtRoot(module: string): boolean {
  const buffer = Buffer.alloc(longestModule);
  try {
    const descriptor = openSync(module, constants.O_RDONLY | openFlag('O_NONBLOCK') | openFlag('O_NOFOLLOW'));
    try {
      return buffer.toString('utf8', 0, readSync(descriptor, buffer)).includes('.parents[2]');
    } finally {
      closeSync(descriptor);
    }
  } catch {
    return false;
  }
}

/** No link, which could lead to a device that never answers. */
function isRegularFile(path: string): boolean {
  try {
    return lstatSync(path).isFile();
  } catch {
    return false;
  }
}

/** A folder that is not there leads nowhere else. */
function realFolder(folder: string): string {
  try {
    return realpathSync(folder);
  } catch {
    return folder;
  }
}
