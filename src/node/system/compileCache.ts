import { statSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

/**
 * Lets Node keep what V8 made of our code, which halves the start of the next process. Node would take the folder for
 * temporary files, where others can put code of theirs in its place; ours is in the user's own. Without one, as in a
 * home that is read-only, everything works as before. `NODE_DISABLE_COMPILE_CACHE=1` turns it off.
 */
export function keepCompiledCode(): void {
  const folder = ownCacheFolder();
  if (folder !== null) enableCompileCache(join(folder, 'autopack-hygiene', 'code'));
}

/** Where programs of this user keep what can be made again, or `null` where the place belongs to somebody else, as under sudo. */
function ownCacheFolder(): string | null {
  try {
    const home = homedir();
    const isOwn = process.getuid === undefined || statSync(home).uid === process.getuid();
    return isOwn ? cacheFolderOf(process.platform, process.env, home) : null;
  } catch {
    return null;
  }
}

/** The folder for caches by the rules of each system. https://specifications.freedesktop.org/basedir-spec/latest/ */
export function cacheFolderOf(
  platform: NodeJS.Platform,
  { LOCALAPPDATA, XDG_CACHE_HOME }: Readonly<Record<string, string | undefined>>,
  home: string,
): string {
  if (platform === 'win32') return LOCALAPPDATA ?? join(home, 'AppData', 'Local');
  if (platform === 'darwin') return join(home, 'Library', 'Caches');
  return XDG_CACHE_HOME !== undefined && isAbsolute(XDG_CACHE_HOME) ? XDG_CACHE_HOME : join(home, '.cache');
}
