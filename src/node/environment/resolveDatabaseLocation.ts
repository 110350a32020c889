import { existsSync } from 'node:fs';
import { formatDatabaseUrl, resolveDatabasePaths } from '../../core/db/databaseUrl.ts';
import type { PathStyle } from '../../core/db/pathStyle.ts';
import { UserFacingError } from '../../core/errors.ts';

/** Whose path rules hold on this machine. */
const nativePathStyle: PathStyle = process.platform === 'win32' ? 'win32' : 'posix';

/**
 * The absolute path that a path or `sqlite:///` URL means, relative ones against `baseFolder` (absolute).
 * Where versions of SQLAlchemy read the URL differently, the reading whose file exists is meant.
 * Throws `invalid-url`, also when that does not decide it.
 */
export function resolveDatabaseLocation(given: string, baseFolder: string): string {
  const paths = resolveDatabasePaths(given, baseFolder, nativePathStyle);
  const [first, second] = paths.length === 1 ? paths : paths.filter((path) => existsSync(path));
  if (first !== undefined && second === undefined) return first;
  throw new UserFacingError(
    'invalid-url',
    `The URL holds percent escapes, which SQLAlchemy 2.0 takes literally and 2.1 decodes: it names ${paths.join(' or ')}.`,
    `Give the path itself, or a URL without escapes such as ${formatDatabaseUrl(paths.at(-1) ?? given)}.`,
  );
}
