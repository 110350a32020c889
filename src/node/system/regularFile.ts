import { close, constants, fstat, lstat, open, read, stat, type Stats } from 'node:fs';
import { promisify } from 'node:util';
import { beginsDatabase } from '../../core/db/databaseHeader.ts';
import { CancelledError, UserFacingError } from '../../core/errors.ts';
import { t } from '../../core/text/l10n.ts';
import { closeWhenUnlocked } from './deferredClose.ts';
import { errnoCode, fileError } from './fileError.ts';

/*
 * The one way to read a file that others may have made. What lies in a cloned folder can be a device that never ends or
 * never answers, a pipe, or a link to one: Node's file functions would block one of the four threads that all file
 * access of the process shares, or fill the memory.
 */

/** A flag of the system; 0 on Windows, where links are refused by `lstat` alone and pipes have names of their own. */
export function openFlag(name: 'O_NONBLOCK' | 'O_NOFOLLOW' | 'O_NOCTTY'): number {
  const defined: Readonly<Partial<Record<string, number>>> = constants;
  return defined[name] ?? 0;
}

/** Keeps opening from waiting, and from taking a terminal. */
const harmless = openFlag('O_NONBLOCK') | openFlag('O_NOCTTY');
/** How many of the four threads of the process may be busy with such files at a time. */
const mostAtOnce = 2;
/** How long one step may take, in ms: a dead network disk never answers. */
const stepTimeoutMs = 10_000;
/** What Linux tells of a process in one file, in bytes: arguments and environment take a quarter of the stack at most. */
export const longestOfSystem = 8 << 20;

const steps = {
  open: promisify(open),
  read: promisify(read),
  stat: promisify(stat),
  lstat: promisify(lstat),
  fstat: promisify(fstat),
};

/** How a file is read. */
export interface ReadOptions {
  /** Whether a link may lead to it: only for files that a person named. `false` by default. */
  readonly followLinks?: boolean;
  readonly signal?: AbortSignal | undefined;
}

/** A regular file, open for reading without any way to block for ever. */
export class RegularFile {
  readonly path: string;
  /** In bytes, when it was opened; files of the system may say 0 and hold something. */
  readonly size: number;
  readonly #descriptor: number;
  readonly #signal: AbortSignal | undefined;
  /** What is or may be a database must not be closed while this process holds locks on it. */
  #mayBeLocked = true;

  private constructor(path: string, descriptor: number, size: number, signal: AbortSignal | undefined) {
    this.path = path;
    this.size = size;
    this.#descriptor = descriptor;
    this.#signal = signal;
  }

  /**
   * Opens a file. Throws `not-a-file` for a folder, `unreadable` for anything else but a regular file and, unless
   * allowed, for a link, or if the disk does not answer; `CancelledError`; and else the error of the system, such as `ENOENT`.
   */
  static async open(path: string, { followLinks = false, signal }: ReadOptions = {}): Promise<RegularFile> {
    refuseDeviceName(path);
    const look = followLinks ? steps.stat : steps.lstat;
    // Opening a device may have effects of its own, so what it is comes first, and once more when it is open.
    refuseSpecial(await step(path, signal, () => look(path)), path);
    const flags = constants.O_RDONLY | harmless | (followLinks ? 0 : openFlag('O_NOFOLLOW'));
    const descriptor = await step(path, signal, () => steps.open(path, flags), close).catch(
      (error: unknown) => {
        throw errnoCode(error) === 'ELOOP' ? notAFile(path, t`a symbolic link`) : error;
      },
    );
    try {
      const stats = await step(path, signal, () => steps.fstat(descriptor));
      refuseSpecial(stats, path);
      return new RegularFile(path, descriptor, stats.size, signal);
    } catch (error) {
      closeWhenUnlocked(descriptor);
      throw error;
    }
  }

  /** Fills `target` from `position` on, and resolves to how many bytes there were. */
  async read(target: Uint8Array, position: number): Promise<number> {
    let done = 0;
    while (done < target.length) {
      const { bytesRead } = await step(this.path, this.#signal, () =>
        steps.read(this.#descriptor, target, done, target.length - done, position + done),
      );
      if (bytesRead === 0) break;
      done += bytesRead;
    }
    if (position === 0 && done > 0) this.#mayBeLocked = beginsDatabase(target);
    return done;
  }

  close(): void {
    if (this.#mayBeLocked) closeWhenUnlocked(this.#descriptor);
    else close(this.#descriptor, () => undefined);
  }
}

/** Reads a whole text file of at most `mostBytes`. Throws what {@link RegularFile.open} throws, and `unreadable` where it is longer. */
export async function readSmallFile(
  path: string,
  mostBytes: number,
  options: ReadOptions = {},
): Promise<string> {
  return (await readSmallBytes(path, mostBytes, options)).toString('utf8');
}

/** Like {@link readSmallFile}, for a file whose encoding is not known. */
export async function readSmallBytes(
  path: string,
  mostBytes: number,
  options: ReadOptions = {},
): Promise<Buffer> {
  const file = await RegularFile.open(path, options);
  try {
    if (file.size > mostBytes) throw tooLarge(path, mostBytes);
    const chunks: Buffer[] = [];
    let total = 0;
    // One byte more than it says shows whether it has grown.
    for (let length = file.size + 1; ; length = 64 * 1024) {
      const chunk = Buffer.allocUnsafe(Math.min(length, mostBytes + 1 - total));
      const count = await file.read(chunk, total);
      chunks.push(chunk.subarray(0, count));
      total += count;
      if (total > mostBytes) throw tooLarge(path, mostBytes);
      if (count < chunk.length) return Buffer.concat(chunks, total);
    }
  } finally {
    file.close();
  }
}

/** Reads the end of a text file, at most `mostBytes`; a character that was cut in half is left out. */
export async function readFileEnd(
  path: string,
  mostBytes: number,
  options: ReadOptions = {},
): Promise<string> {
  const file = await RegularFile.open(path, options);
  try {
    const start = Math.max(0, file.size - mostBytes);
    const buffer = Buffer.alloc(Math.min(file.size, mostBytes));
    const count = await file.read(buffer, start);
    return decodeEnd(buffer.subarray(0, count), start > 0);
  } finally {
    file.close();
  }
}

/** The text of the last bytes of a file; bytes that are not UTF-8 become U+FFFD. */
export function decodeEnd(bytes: Uint8Array, isCut: boolean): string {
  let first = 0;
  // Continuation bytes at a cut belong to a character whose beginning is not here.
  while (isCut && first < 3 && ((bytes[first] ?? 0) & 0xc0) === 0x80) first += 1;
  return new TextDecoder().decode(bytes.subarray(first));
}

/** Throws `not-a-file` for a folder, `unreadable` for what else is no regular file, by its kind. */
export function refuseSpecial(stats: Pick<Stats, Kind>, path: string): void {
  if (stats.isFile()) return;
  if (stats.isDirectory())
    throw new UserFacingError(
      'not-a-file',
      t`${path} is a folder, not a file.`,
      t`Name a file in it, or move it away.`,
    );
  throw notAFile(path, kinds().find(([is]) => stats[is]())?.[1] ?? t`a special file`);
}

type Kind =
  'isFile' | 'isDirectory' | 'isSymbolicLink' | 'isFIFO' | 'isSocket' | 'isCharacterDevice' | 'isBlockDevice';

const kinds = (): readonly (readonly [Kind, string])[] => [
  ['isSymbolicLink', t`a symbolic link`],
  ['isFIFO', t`a pipe`],
  ['isSocket', t`a socket`],
  ['isCharacterDevice', t`a device`],
  ['isBlockDevice', t`a device`],
];

/** Says what stands where a regular file was expected: `kind` such as `a pipe`. */
export function notAFile(path: string, kind: string): UserFacingError {
  return new UserFacingError(
    'unreadable',
    t`${path} is ${kind}, not a regular file.`,
    t`Remove it, or name another file.`,
  );
}

/** What Windows takes for a device wherever it stands, with any ending: learn.microsoft.com, "Naming Files, Paths, and Namespaces". */
const reservedName =
  /^(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9\u00b9\u00b2\u00b3])\s*(?:[.:].*)?$/i;
/** Namespaces of devices and pipes; `\\?\C:\` and `\\?\UNC\` are files. */
const deviceNamespace =
  /^[\\/]{2}(?:\.[\\/]|\?[\\/](?!(?:[a-z]:|unc)[\\/])|[^\\/]+[\\/](?:pipe|mailslot)[\\/])/i;

/** Throws `unreadable` for a path that means a device or a pipe on Windows; anything is a name elsewhere. */
export function refuseDeviceName(path: string, platform: NodeJS.Platform = process.platform): void {
  if (platform !== 'win32') return;
  const isDevice = deviceNamespace.test(path) || path.split(/[\\/]/).some((part) => reservedName.test(part));
  if (isDevice) throw notAFile(path, t`a device`);
}

/** Says that a file holds more than such a file ever does. */
export function tooLarge(path: string, mostBytes: number): UserFacingError {
  const most = mostBytes < 1 << 20 ? `${mostBytes >> 10} KB` : `${mostBytes >> 20} MB`;
  return new UserFacingError(
    'unreadable',
    t`${path} is larger than ${most}, more than such a file ever holds.`,
    t`Check what it is, and move it away.`,
  );
}

let busy = 0;
const waiting: (() => void)[] = [];

/** Does one step of file access when a thread is free for it, and gives up when it takes too long or is cancelled. */
async function step<T>(
  path: string,
  signal: AbortSignal | undefined,
  work: () => Promise<T>,
  discard?: (result: T) => void,
): Promise<T> {
  if (signal?.aborted === true) throw new CancelledError(t`Reading`);
  let isGivenUp = false;
  let giveUp = (): void => undefined;
  let timer: NodeJS.Timeout | undefined;
  const givenUp = new Promise<never>((_resolve, reject) => {
    giveUp = () => reject(new CancelledError(t`Reading`));
    signal?.addEventListener('abort', giveUp, { once: true });
    timer = setTimeout(() => reject(noAnswer(path)), stepTimeoutMs);
  });
  const done = inTurn(() => (isGivenUp ? Promise.reject(noAnswer(path)) : work()));
  try {
    return await Promise.race([done, givenUp]);
  } catch (error) {
    isGivenUp = true;
    // What comes too late is put away; an error that comes too late interests nobody.
    done.then(discard, () => undefined);
    throw error;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', giveUp);
  }
}

/** A place is only free again when the system has answered, however long nobody waits for it any more. */
async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (busy >= mostAtOnce) await new Promise<void>((resolve) => waiting.push(resolve));
  else busy += 1;
  try {
    return await work();
  } finally {
    const next = waiting.shift();
    if (next === undefined) busy -= 1;
    else next();
  }
}

function noAnswer(path: string): UserFacingError {
  return new UserFacingError(
    'unreadable',
    t`The disk did not answer within ${stepTimeoutMs / 1000} s when ${path} was read.`,
    t`Check the disk or the connection to it, then try again.`,
  );
}

/** Like {@link readSmallFile}, with `null` for a file that is not there and an error for people for all else. */
export async function readIfThere(
  path: string,
  mostBytes: number,
  options: ReadOptions = {},
): Promise<string | null> {
  try {
    return await readSmallFile(path, mostBytes, options);
  } catch (error) {
    if (errnoCode(error) === 'ENOENT') return null;
    throw fileError(error, path);
  }
}
