import { chmod, lstat, mkdir, readdir, realpath, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { UserFacingError } from '../../core/errors.ts';
import { t } from '../../core/text/l10n.ts';
import { errnoCode, fileError } from './fileError.ts';
import { readIfThere } from './regularFile.ts';
import { removeStaleDrafts, replaceFile } from './replaceFile.ts';

/** The mode of folders that are nobody else's business; Windows gives them the rights of the folder around them. */
const privateFolder = 0o700;

/**
 * A folder that we keep below one of the user's. Whoever made the user's folder may have put links in its place, or in
 * that of any file in it, to lead what we read or write elsewhere: none is followed.
 */
export class OwnFolder {
  /** Absolute. */
  readonly path: string;
  readonly #base: string;
  readonly #segments: readonly string[];
  /** Others' drafts are looked for once, not before every write of a session. */
  #isSwept = false;

  /** `base` is absolute, and may itself be a link; `segments` lead from it to the folder. */
  constructor(base: string, ...segments: readonly string[]) {
    this.#base = base;
    this.#segments = segments;
    this.path = join(base, ...segments);
  }

  /** A folder in it. */
  folder(name: string): OwnFolder {
    return new OwnFolder(this.#base, ...this.#segments, plainName(name));
  }

  /** The path of a file in it. Throws `invalid-argument` for a name that leads elsewhere. */
  file(name: string): string {
    return join(this.path, plainName(name));
  }

  /** Whether it is there. Throws `unreadable`, naming what stands in its place. */
  async exists(): Promise<boolean> {
    let path = this.#base;
    for (const segment of this.#segments) {
      path = join(path, segment);
      if (!(await isFolder(path))) return false;
    }
    return true;
  }

  /** Makes it, for this user alone, if need be. Throws `unreadable` as {@link exists} does, `no-permission`, `disk-full`. */
  async make(): Promise<void> {
    let path = this.#base;
    for (const segment of this.#segments) {
      path = join(path, segment);
      await makeFolder(path);
    }
    await this.#refuseElsewhere();
  }

  /** Makes it where it is not there; `false` where it is. Those around it are made if need be. */
  async makeNew(): Promise<boolean> {
    await new OwnFolder(this.#base, ...this.#segments.slice(0, -1)).make();
    try {
      await mkdir(this.path, { mode: privateFolder });
      return true;
    } catch (error) {
      if (errnoCode(error) === 'EEXIST') return false;
      throw fileError(error, this.path);
    }
  }

  /** Takes from others what rights they have on a folder that is ours alone, as an earlier version may have left them. */
  async close(): Promise<void> {
    if (process.platform === 'win32') return;
    const { mode, uid } = await lstat(this.path);
    if ((mode & 0o077) !== 0 && uid === process.getuid?.()) await chmod(this.path, privateFolder);
  }

  /** The names in it, in no order; none where it is not there. */
  async list(): Promise<string[]> {
    if (!(await this.exists())) return [];
    return readdir(this.path).catch((error: unknown) => {
      if (errnoCode(error) === 'ENOENT') return [];
      throw fileError(error, this.path);
    });
  }

  /** A text file in it of at most `mostBytes`; `null` where there is none. Throws `unreadable`, `unreadable`, `no-permission`. */
  async read(name: string, mostBytes: number, signal?: AbortSignal): Promise<string | null> {
    const path = this.file(name);
    return (await this.exists()) ? readIfThere(path, mostBytes, { signal }) : null;
  }

  /** Puts a file in it, whole at once and for this user alone; makes the folder if need be. Throws as {@link make} does. */
  async write(name: string, content: string): Promise<void> {
    const path = this.file(name);
    await this.make();
    try {
      if (!this.#isSwept) await removeStaleDrafts(this.path);
      this.#isSwept = true;
      await replaceFile(path, content);
    } catch (error) {
      throw fileError(error, path);
    }
  }

  /** Removes a file from it, if it is there; what cannot be removed stays. */
  async remove(name: string): Promise<void> {
    if (await this.exists().catch(() => false))
      await rm(this.file(name), { force: true }).catch(() => undefined);
  }

  /** A folder that was exchanged for a link between two looks leads elsewhere. */
  async #refuseElsewhere(): Promise<void> {
    const expected = join(await realpath(this.#base), ...this.#segments);
    if ((await realpath(this.path)) !== expected) throw inTheWay(this.path, t`a symbolic link`);
  }
}

async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { mode: privateFolder });
  } catch (error) {
    if (errnoCode(error) !== 'EEXIST') throw fileError(error, path);
    await isFolder(path);
  }
}

async function isFolder(path: string): Promise<boolean> {
  let stats;
  try {
    stats = await lstat(path);
  } catch (error) {
    if (errnoCode(error) === 'ENOENT') return false;
    throw fileError(error, path);
  }
  if (stats.isDirectory()) return true;
  throw inTheWay(path, stats.isSymbolicLink() ? t`a symbolic link` : t`a file`);
}

function inTheWay(path: string, kind: string): UserFacingError {
  return new UserFacingError(
    'unreadable',
    t`${path} is ${kind}, and must be a folder.`,
    t`Move it away; the folder is made anew when it is needed.`,
  );
}

function plainName(name: string): string {
  if (name !== '' && name !== '.' && name !== '..' && basename(name) === name && !/[\\/\0]/.test(name)) {
    return name;
  }
  throw new UserFacingError(
    'invalid-argument',
    t`${JSON.stringify(name)} is not a plain name.`,
    t`Give a name without folders.`,
  );
}
