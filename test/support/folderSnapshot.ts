import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';

/** Everything in a folder, by path: what it is, what it holds, its rights. No link is followed. */
export function folderSnapshot(
  folder: string,
  except: (path: string) => boolean = () => false,
): Map<string, string> {
  const found = new Map<string, string>();
  const visit = (path: string): void => {
    if (except(path)) return;
    const absolute = join(folder, path);
    const stats = lstatSync(absolute);
    const mode = (stats.mode & 0o7777).toString(8);
    if (stats.isSymbolicLink()) found.set(path, `link to ${readlinkSync(absolute)}`);
    else if (stats.isFile()) {
      const hash = createHash('sha256').update(readFileSync(absolute)).digest('hex');
      found.set(path, `file ${mode} ${stats.size} ${hash}`);
    } else if (stats.isDirectory()) {
      found.set(path, `folder ${mode}`);
      for (const name of readdirSync(absolute)) visit(join(path, name));
    } else found.set(path, 'special');
  };
  visit('.');
  return found;
}

/** The paths that differ between two snapshots. */
export function changedPaths(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): string[] {
  return [...new Set([...before.keys(), ...after.keys()])]
    .filter((path) => before.get(path) !== after.get(path))
    .sort();
}
