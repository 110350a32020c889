import { constants, existsSync, type Stats } from 'node:fs';
import { lstat, mkdir, open, readdir, realpath, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { foldedName } from '../../core/builders/protectedPaths.ts';
import { printable } from '../../core/text/printable.ts';
import { errnoCode } from '../system/fileError.ts';
import { fileIdOf } from '../system/realPath.ts';
import { openFlag, RegularFile } from '../system/regularFile.ts';
import { UserFacingError } from '../../core/errors.ts';
import { t } from '../../core/text/l10n.ts';

/** Why a path of a workspace is not touched: the end of a sentence whose subject is the path. */
export class RefusedPath extends Error {
  override readonly name = 'RefusedPath';
}

/** Flags that open a folder and nothing else, and no link to one; none of them is known to Windows. */
const folderFlags =
  constants.O_RDONLY | (process.platform === 'win32' ? 0 : constants.O_DIRECTORY) | openFlag('O_NOFOLLOW');
/** Where Linux gives every open folder a name that nobody can turn elsewhere. */
const openFolders = '/proc/self/fd';
const hasNames = process.platform === 'linux' && existsSync(openFolders);

/**
 * A folder of a workspace, opened step by step without following any link. On Linux everything in it is reached through the
 * open folder itself, wherever its path leads meanwhile; elsewhere by its path, whose identity {@link verify} compares.
 */
export class OpenedFolder {
  /** Relative to the workspace, with `/`; empty for the workspace itself. */
  readonly path: string;
  readonly #absolute: string;
  readonly #handle: FileHandle | null;
  readonly #id: string;
  #names: Promise<readonly string[]> | undefined;

  private constructor(path: string, absolute: string, handle: FileHandle | null, id: string) {
    this.path = path;
    this.#absolute = absolute;
    this.#handle = handle;
    this.#id = id;
  }

  /** Opens a workspace folder (absolute), which may be a link itself: a person chose it. */
  static async root(workspaceFolder: string): Promise<OpenedFolder> {
    const absolute = await realpath(workspaceFolder);
    return OpenedFolder.#open('', absolute, absolute);
  }

  /** Opens a folder in it; `null` where there is nothing of that name. Throws {@link RefusedPath} for anything but a folder. */
  async folder(name: string): Promise<OpenedFolder | null> {
    if (!(await this.has(name))) return null;
    const path = this.path === '' ? name : `${this.path}/${name}`;
    try {
      return await OpenedFolder.#open(path, join(this.#absolute, name), this.child(name));
    } catch (error) {
      const code = errnoCode(error);
      if (code === 'ENOENT') return null;
      const stats = await statsOf(this.child(name));
      if (stats?.isDirectory() !== true)
        throw new RefusedPath(t`lies behind ${shown(path)}, which is ${kindOf(stats)}`, { cause: error });
      throw new RefusedPath(t`lies in ${shown(path)}, which cannot be opened (${code ?? t`unknown`})`, {
        cause: error,
      });
    }
  }

  /** Makes a folder in it, unless one is there, and opens it. */
  async makeFolder(name: string): Promise<OpenedFolder> {
    try {
      await mkdir(this.child(name));
    } catch (error) {
      if (errnoCode(error) !== 'EEXIST') throw error;
    }
    this.#names = undefined;
    const made = await this.folder(name);
    if (made === null) throw new RefusedPath(t`lies in ${shown(name)}, which was removed meanwhile`);
    return made;
  }

  /** The path by which a file in it is reached; nothing to be shown. */
  child(name: string): string {
    return join(this.#reach, name);
  }

  /** Whether it has an entry of just this name. Throws {@link RefusedPath} where it has one that some disks take for the same. */
  async has(name: string): Promise<boolean> {
    this.#names ??= readdir(this.#reach);
    const folded = foldedName(name);
    let isThere = false;
    for (const each of await this.#names) {
      // Some disks of macOS keep names in a form of their own.
      if (each.normalize('NFC') === name) isThere = true;
      else if (foldedName(each) === folded) {
        throw new RefusedPath(t`differs from ${shown(each)}, which is there, in letter case or form only`);
      }
    }
    return isThere;
  }

  /** Forgets which names it has, since one was made or removed. */
  forgetNames(): void {
    this.#names = undefined;
  }

  /** Opens a regular file in it for reading. Throws {@link RefusedPath} for anything else, and `ENOENT`. */
  async openFile(name: string, signal?: AbortSignal): Promise<RegularFile> {
    try {
      return await RegularFile.open(this.child(name), { signal });
    } catch (error) {
      if (!(error instanceof UserFacingError) || error.code === 'cancelled') throw error;
      throw new RefusedPath(t`is ${kindOf(await statsOf(this.child(name)))}`, { cause: error });
    }
  }

  /** Throws {@link RefusedPath} unless its path still leads to it, and through no link. */
  async verify(): Promise<void> {
    const segments = this.path === '' ? [] : this.path.split('/');
    const root = join(this.#absolute, ...segments.map(() => '..'));
    for (let count = 0; count <= segments.length; count += 1) {
      const stats = await lstat(join(root, ...segments.slice(0, count)), { bigint: true }).catch(() => null);
      const isSame = count < segments.length || (stats !== null && fileIdOf(stats) === this.#id);
      if (stats?.isDirectory() !== true || !isSame) {
        throw new RefusedPath(t`lies in ${shown(this.path)}, which was exchanged meanwhile`);
      }
    }
  }

  /** Waits until what was made, renamed and removed in it is on the disk, where the system can tell. */
  async sync(): Promise<void> {
    await this.#handle?.sync().catch(() => undefined);
  }

  async close(): Promise<void> {
    await this.#handle?.close();
  }

  get #reach(): string {
    return hasNames && this.#handle !== null ? `${openFolders}/${this.#handle.fd}` : this.#absolute;
  }

  static async #open(path: string, absolute: string, reach: string): Promise<OpenedFolder> {
    if (process.platform === 'win32') {
      const stats = await lstat(reach, { bigint: true });
      if (!stats.isDirectory()) throw new Error('not a folder');
      return new OpenedFolder(path, absolute, null, fileIdOf(stats));
    }
    const handle = await open(reach, folderFlags);
    try {
      return new OpenedFolder(path, absolute, handle, fileIdOf(await handle.stat({ bigint: true })));
    } catch (error) {
      await handle.close();
      throw error;
    }
  }
}

/** The folders of a workspace that one piece of work has opened, each once. */
export class OpenedFolders {
  readonly #workspaceFolder: string;
  readonly #opened = new Map<string, OpenedFolder>();

  constructor(workspaceFolder: string) {
    this.#workspaceFolder = workspaceFolder;
  }

  /** The folder of a path (relative, checked, with `/`); `null` where it is not there, unless it is to be made. */
  async folderOf(path: string, ifMissing: 'null' | 'make' = 'null'): Promise<OpenedFolder | null> {
    let folder = await this.#root();
    for (const segment of path.split('/').slice(0, -1)) {
      const name = folder.path === '' ? segment : `${folder.path}/${segment}`;
      const known = this.#opened.get(name);
      const next =
        known ??
        (await (ifMissing === 'make' && !(await folder.has(segment))
          ? folder.makeFolder(segment)
          : folder.folder(segment)));
      if (next === null) return null;
      this.#opened.set(name, next);
      folder = next;
    }
    return folder;
  }

  /** Looks anew at what is in the folders that are open. */
  forgetNames(): void {
    for (const folder of this.#opened.values()) folder.forgetNames();
  }

  /** Closes a folder and those in it, before it is removed. */
  async forget(path: string): Promise<void> {
    for (const [name, folder] of this.#opened) {
      if (name !== path && !name.startsWith(`${path}/`)) continue;
      this.#opened.delete(name);
      await folder.close();
    }
  }

  async close(): Promise<void> {
    await Promise.allSettled([...this.#opened.values()].map((folder) => folder.close()));
    this.#opened.clear();
  }

  async #root(): Promise<OpenedFolder> {
    const known = this.#opened.get('');
    if (known !== undefined) return known;
    const root = await OpenedFolder.root(this.#workspaceFolder);
    this.#opened.set('', root);
    return root;
  }
}

/** The name of a file in its folder. */
export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function statsOf(path: string): Promise<Stats | null> {
  return lstat(path).catch(() => null);
}

function kindOf(stats: Stats | null): string {
  if (stats === null) return t`not there any more`;
  if (stats.isSymbolicLink()) return t`a symbolic link`;
  if (stats.isDirectory()) return t`a folder`;
  return stats.isFile() ? t`a file that cannot be read` : t`a special file`;
}

function shown(path: string): string {
  return printable(path, 200);
}
