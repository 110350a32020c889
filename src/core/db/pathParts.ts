/** Windows' own kinds of absolute path: `C:\x`, `\\server\share`. Everywhere else a backslash is a letter like any other. */
const windowsPath = /^(?:[a-z]:[\\/]|\\\\)/i;

/** Where the last name of an absolute path, or of the address of a file, begins. */
function nameStart(path: string): number {
  const slash = path.lastIndexOf('/');
  return 1 + (windowsPath.test(path) ? Math.max(slash, path.lastIndexOf('\\')) : slash);
}

/** The last name of an absolute path, whichever machine it is of, or of an address. */
export function fileName(path: string): string {
  return path.slice(nameStart(path));
}

/** The same without its ending. */
export function fileStem(path: string): string {
  const name = fileName(path);
  const dot = name.lastIndexOf('.');
  return dot > 0 ? name.slice(0, dot) : name;
}

/** The folder of a path; that of a root is the root itself, and that of a name alone is empty. */
export function parentFolder(path: string): string {
  const start = nameStart(path);
  if (start === 0) return '';
  const isRoot = start === 1 || /^[a-z]:$/i.test(path.slice(0, start - 1));
  return path.slice(0, isRoot ? start : start - 1);
}

/** What stands between the names of an absolute path. */
export function separatorOf(path: string): '/' | '\\' {
  return windowsPath.test(path) && path.includes('\\') ? '\\' : '/';
}
