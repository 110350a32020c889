import { closeSync, constants, fstatSync, open, read } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { promisify } from 'node:util';
import { beginsDatabase, magic } from '../../core/db/databaseHeader.ts';
import { CancelledError } from '../../core/errors.ts';
import { fileTime } from '../../core/model/timestamp.ts';
import { t } from '../../core/text/l10n.ts';
import { hygieneFolderName } from '../system/hygieneFolder.ts';
import { closeWhenUnlocked } from '../system/deferredClose.ts';
import { fileIdOf } from '../system/realPath.ts';
import { openFlag } from '../system/regularFile.ts';

/** A SQLite file that was found, by its content and not by its name. */
export interface FoundDatabase {
  /** Absolute, as it was reached: symbolic links are followed but not resolved. */
  readonly path: string;
  readonly sizeBytes: number;
  /** Milliseconds since the epoch. */
  readonly modifiedAt: number;
}

/** Where to look, and where not to. */
export interface SearchOptions {
  /** Absolute. */
  readonly folders: readonly string[];
  /** Leaves out a file, or a folder with all in it. `path` is relative to `folder`, with forward slashes. */
  readonly isExcluded?: (path: string, folder: string) => boolean;
  /** Whether symbolic links are followed, which may lead out of the folders; `true` by default. */
  readonly followLinks?: boolean;
  readonly signal?: AbortSignal;
}

/** Folders of tools, which hold many files and no database of a user's. */
const skippedFolders = new Set([
  'node_modules',
  '.git',
  '.hg',
  '.svn',
  '.venv',
  'venv',
  '__pycache__',
  // Its databases are backups.
  hygieneFolderName,
]);
/** What lies beside a database and belongs to it. */
const companion = /-(wal|shm|journal)$/;
/** How many files and folders are looked at at once. */
const waveLength = 64;
/** Descriptors and not file handles, which are closed on a thread that knows nothing of locks. */
const openFile = promisify(open);
/** What was a file may be a pipe a moment later, and must not keep anybody waiting. */
const lookOnly = constants.O_RDONLY | openFlag('O_NONBLOCK') | openFlag('O_NOCTTY');
const readFile = promisify(read);

/** A file or folder still to be looked at. */
interface Place {
  readonly folder: string;
  /** Relative to `folder`; empty for the folder itself. */
  readonly path: string;
  readonly kind: 'file' | 'folder' | 'link';
}

/**
 * Finds the SQLite files in folders, those nearest to the top first. What cannot be read is passed over.
 * Throws `CancelledError` when the signal fires.
 */
export async function* findDatabases(options: SearchOptions): AsyncGenerator<FoundDatabase, void, void> {
  const { folders, isExcluded = () => false, followLinks = true, signal } = options;
  const visited = new Set<string>();
  const queue: Place[] = folders.map((folder) => ({ folder, path: '', kind: 'folder' }));
  while (queue.length > 0) {
    if (signal?.aborted === true) throw new CancelledError(t`The search for databases`);
    const wave = queue.splice(0, waveLength);
    const looks = wave.map((place) => lookAt(place, visited).catch(() => nothing));
    for (const { found, inside } of await Promise.all(looks)) {
      if (found !== undefined) yield found;
      const isMeant = ({ path, folder, kind }: Place): boolean =>
        (followLinks || kind !== 'link') && !isExcluded(path, folder);
      queue.push(...inside.filter(isMeant));
    }
  }
}

interface Look {
  readonly found?: FoundDatabase;
  /** What is in it, if it is a folder. */
  readonly inside: readonly Place[];
}

const nothing: Look = { inside: [] };

async function lookAt(place: Place, visited: Set<string>): Promise<Look> {
  const absolute = join(place.folder, place.path);
  if (place.kind === 'file') return lookAtFile(absolute);
  const stats = await stat(absolute, { bigint: true });
  if (stats.isFile()) return lookAtFile(absolute);
  const id = fileIdOf(stats);
  // A link may lead back up, or to a folder that was reached by another way.
  if (!stats.isDirectory() || visited.has(id)) return nothing;
  visited.add(id);
  return { inside: await placesIn(place, absolute) };
}

async function placesIn({ folder, path }: Place, absolute: string): Promise<Place[]> {
  const places: Place[] = [];
  for (const entry of await readdir(absolute, { withFileTypes: true })) {
    if (skippedFolders.has(entry.name) || companion.test(entry.name)) continue;
    const place = { folder, path: path === '' ? entry.name : `${path}/${entry.name}` };
    // Anything else, such as a pipe, could block whoever opens it.
    if (entry.isFile()) places.push({ ...place, kind: 'file' });
    else if (entry.isDirectory()) places.push({ ...place, kind: 'folder' });
    else if (entry.isSymbolicLink()) places.push({ ...place, kind: 'link' });
  }
  return places;
}

async function lookAtFile(path: string): Promise<Look> {
  const file = await openFile(path, lookOnly);
  // A file of no bytes is a whole database without tables, and what cannot be read may be one.
  let mayBeLocked = true;
  try {
    if (!fstatSync(file).isFile()) return nothing;
    const start = Buffer.alloc(magic.length);
    const { bytesRead } = await readFile(file, start, 0, start.length, 0);
    const isDatabase = bytesRead === magic.length && beginsDatabase(start);
    mayBeLocked = isDatabase || bytesRead === 0;
    if (!isDatabase) return nothing;
    const { size, mtimeMs } = fstatSync(file);
    return { found: { path, sizeBytes: size, modifiedAt: fileTime(mtimeMs) }, inside: [] };
  } finally {
    // The others are many, and must not pile up.
    if (mayBeLocked) closeWhenUnlocked(file);
    else closeSync(file);
  }
}

/** `files.exclude` of a folder: patterns with `true`, or with a condition on a sibling, which no database meets. */
export type ExcludeSetting = Readonly<Record<string, unknown>>;

/** Returns whether the setting hides a path, which is relative to its folder and has forward slashes. */
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
