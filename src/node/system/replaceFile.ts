import { chmod, constants, lstat, open, readdir, rename, rm, type FileHandle } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { t } from '../../core/text/l10n.ts';
import { companionSuffixes } from './databaseCompanions.ts';
import { errnoCode } from './fileError.ts';
import { processExists } from './processMark.ts';
import { notAFile, openFlag, refuseDeviceName, refuseSpecial } from './regularFile.ts';
import { refuseDatabaseFile } from './refuseDatabaseFile.ts';
import { cryptography, sha256Hex } from './systemPorts.ts';

/*
 * The one way to write a file in a folder that others may have made. Whole at once, by a draft beside the target that has
 * a random name, is created exclusively, and is of one process: nothing planted under a name that could be guessed is
 * written to, deleted, or taken for ours.
 */

const { O_CREAT, O_EXCL, O_WRONLY, O_RDWR, O_APPEND } = constants;
const noFollow = openFlag('O_NOFOLLOW');
/** After this a draft counts as left over even where its process cannot be asked about, or its id has gone to another; ms. */
const draftLifetimeMs = 24 * 60 * 60 * 1000;
const draftName = /^\..*\.hygiene-([0-9a-f]{8})-(\d+)-[0-9a-f]{16}\.tmp(?:-journal|-wal|-shm)?$/;
/** Most file systems allow 255 bytes. */
const mostNameLength = 60;

/** How a file is written. */
export interface WriteOptions {
  /** `private`, by default: for this user alone. `kept`: that of the file it replaces, or as a new file of the user's. */
  readonly mode?: 'private' | 'kept';
  /** Done when the draft is whole, just before it takes its place; what it throws leaves the file as it is. */
  readonly beforehand?: () => Promise<void>;
}

/**
 * Makes an empty draft of a file, for this user alone, and resolves to its path: it lies beside `target` and is removed
 * by {@link removeDraft}, or by the next {@link removeStaleDrafts} should this process die.
 */
export async function createDraft(target: string): Promise<string> {
  const path = draftPath(target);
  await (await open(path, O_CREAT | O_EXCL | O_WRONLY | noFollow, 0o600)).close();
  return path;
}

/** Removes a draft and what SQLite put beside it. */
export async function removeDraft(draft: string): Promise<void> {
  await Promise.allSettled(['', ...companionSuffixes].map((suffix) => rm(draft + suffix, { force: true })));
}

/** Removes the drafts in a folder that processes of ours left behind when they were killed. Never rejects. */
export async function removeStaleDrafts(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  const drafts = names.filter((name) => draftName.test(name));
  await Promise.allSettled(
    drafts.map(async (name) => {
      const path = join(folder, name);
      if (isStale(name, await lstat(path))) await rm(path, { force: true });
    }),
  );
}

/**
 * Puts text in the place of a file, or in a new one. Throws `unreadable` for a link or anything special, `invalid-argument`
 * for a database, see {@link refuseDatabaseFile}, and system errors.
 */
export async function replaceFile(path: string, content: string, options: WriteOptions = {}): Promise<void> {
  const previous = writing.get(path) ?? Promise.resolve();
  // Two writes of one file by this process must not overtake each other.
  const turn = previous.then(() => replaceNow(path, content, options));
  const settled = turn.catch(() => undefined);
  writing.set(path, settled);
  try {
    await turn;
  } finally {
    if (writing.get(path) === settled) writing.delete(path);
  }
}

const writing = new Map<string, Promise<void>>();

async function replaceNow(path: string, content: string, options: WriteOptions): Promise<void> {
  const { mode = 'private', beforehand } = options;
  const old = await replaceable(path);
  const draft = draftPath(path);
  // The system takes from these rights what the user's mask says.
  const isNew = mode === 'kept' && old === null;
  try {
    const file = await open(draft, O_CREAT | O_EXCL | O_WRONLY | noFollow, isNew ? 0o666 : 0o600);
    try {
      await file.writeFile(content);
      await file.sync();
      if (mode === 'kept' && old !== null) await file.chmod(old.mode & 0o777);
    } finally {
      await file.close();
    }
    await replaceable(path);
    await beforehand?.();
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

/** The file at a path that may be replaced; `null` where there is none. Throws like {@link replaceFile}. */
export async function replaceable(path: string): Promise<{ readonly mode: number } | null> {
  refuseDeviceName(path);
  const stats = await lstat(path).catch((error: unknown) => {
    if (errnoCode(error) === 'ENOENT') return null;
    throw error;
  });
  if (stats !== null) refuseSpecial(stats, path);
  await refuseDatabaseFile(path);
  return stats;
}

/**
 * Opens a file of ours to be written in place, at its end (`append`) or from its start (`fresh`, emptied). Throws
 * `unreadable` for a link of either kind or anything special, `invalid-argument` for a database, and system errors.
 */
export async function openOwnFile(path: string, how: 'append' | 'fresh'): Promise<FileHandle> {
  await replaceable(path);
  const flags =
    O_CREAT |
    noFollow |
    openFlag('O_NONBLOCK') |
    openFlag('O_NOCTTY') |
    (how === 'append' ? O_WRONLY | O_APPEND : O_RDWR);
  const file = await open(path, flags, 0o600).catch((error: unknown) => {
    if (errnoCode(error) === 'ELOOP') throw notAFile(path, t`a symbolic link`);
    // A pipe that nobody reads, or a socket, that came between.
    throw errnoCode(error) === 'ENXIO' ? notAFile(path, t`a special file`) : error;
  });
  try {
    const stats = await file.stat();
    refuseSpecial(stats, path);
    if (stats.nlink > 1) throw notAFile(path, t`a second name of another file`);
    if (how === 'fresh') await file.truncate();
    return file;
  } catch (error) {
    await file.close();
    throw error;
  }
}

/** Gives a draft the rights that new files of the user have, as the system says. */
export async function openToOthers(draft: string): Promise<void> {
  if (process.platform === 'win32') return;
  const sample = draftPath(draft);
  const file = await open(sample, O_CREAT | O_EXCL | O_WRONLY | noFollow, 0o666);
  try {
    const { mode } = await file.stat();
    await chmod(draft, mode & 0o777);
  } finally {
    await file.close();
    await rm(sample, { force: true });
  }
}

/** Gives a draft the rights that `source` has. Windows keeps those of the folder. */
export async function takeModeOf(source: string, draft: string): Promise<void> {
  if (process.platform === 'win32') return;
  const { mode } = await lstat(source);
  await chmod(draft, mode & 0o777);
}

function draftPath(target: string): string {
  return join(dirname(target), draftNameOf(basename(target)));
}

/** A new name for a draft of a file of that name; {@link removeStaleDrafts} knows it. */
export function draftNameOf(name: string): string {
  const owner = `${thisHost()}-${process.pid}-${cryptography().randomBytes(8).toString('hex')}`;
  return `.${name.slice(0, mostNameLength)}.hygiene-${owner}.tmp`;
}

function isStale(name: string, { mtimeMs }: { readonly mtimeMs: number }): boolean {
  const [, host, pid] = draftName.exec(name) ?? [];
  if (Date.now() - mtimeMs > draftLifetimeMs) return true;
  if (host !== thisHost()) return false;
  // Its id may have been that of an earlier process, as in a container, where it is always the same.
  if (Number(pid) === process.pid) return mtimeMs < Date.now() - process.uptime() * 1000 - 1000;
  return !processExists(Number(pid));
}

/**
 * Removes folders of ours in a folder for temporary files (absolute) that killed processes left there: those whose name
 * matches, that belong to this user, and are `abandoned`. `ageMs` is how long nothing was made or removed in one. Never rejects.
 */
export async function removeTemporaryLeftovers(
  temporary: string,
  name: RegExp,
  abandoned: (folder: string, ageMs: number) => boolean | Promise<boolean>,
): Promise<void> {
  const names = await readdir(temporary).catch(() => []);
  const ours = names.filter((each) => name.test(each));
  await Promise.allSettled(
    ours.map(async (each) => {
      const folder = join(temporary, each);
      const stats = await lstat(folder);
      const isMine = process.getuid === undefined || stats.uid === process.getuid();
      if (!stats.isDirectory() || !isMine) return;
      if (await abandoned(folder, Date.now() - stats.mtimeMs))
        await rm(folder, { recursive: true, force: true });
    }),
  );
}

/** Tells this machine from others that share a folder with it. */
function thisHost(): string {
  return sha256Hex(hostname()).slice(0, 8);
}
