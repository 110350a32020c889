import { posix } from 'node:path';

/** `files.exclude` of a folder: patterns with `true`, or with a condition on a sibling, which no database meets. */
export type ExcludeSetting = Readonly<Record<string, unknown>>;

/** Tells whether the setting hides a path, which is relative to its folder and has forward slashes. */
export function excludedPaths(setting: ExcludeSetting): (path: string) => boolean {
  const patterns = Object.entries(setting).flatMap(([pattern, on]) =>
    on === true ? [undotted(pattern)] : [],
  );
  return (path) => {
    const plain = undotted(path);
    return patterns.some((pattern) => posix.matchesGlob(plain, pattern));
  };
}

/** Node's `*` passes over names with a leading dot, the editor's does not: another character stands in for it. */
function undotted(pathOrPattern: string): string {
  return pathOrPattern.replaceAll(/(^|[/{,])\./g, '$1\u2024');
}
