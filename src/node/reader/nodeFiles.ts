import { constants, fstatSync, openSync, readSync, realpathSync, statSync, type BigIntStats } from 'node:fs';
import type { ByteImage } from '../../core/db/databasePorts.ts';
import type { FileStamp, SourceFile, SourceFiles } from '../../core/db/snapshot/sourceFiles.ts';
import { UserFacingError } from '../../core/errors.ts';
import { t } from '../../core/text/l10n.ts';
import { closeWhenUnlocked } from '../system/deferredClose.ts';
import { errnoCode, fileError } from '../system/fileError.ts';
import { fileIdOf } from '../system/realPath.ts';
import { openFlag, refuseDeviceName } from '../system/regularFile.ts';

/** Who closes descriptors: only the host's thread knows when that is safe. */
export interface DescriptorOwner {
  opened(descriptor: number): void;
  close(descriptor: number): void;
}

/** Files of the local file system, opened for reading only. */
export function nodeFilesOf(owner: DescriptorOwner): SourceFiles {
  return {
    realPath: (path) => orNull(path, () => realpathSync(path)),
    open: (path) => orNull(path, () => openFile(path, owner)),
    stamp: (path) =>
      orNull(path, () => {
        const stats = statSync(path, { bigint: true, throwIfNoEntry: false });
        return stats === undefined ? null : toStamp(stats);
      }),
  };
}

/** The same on the host's own thread. */
export const nodeFiles = nodeFilesOf({ opened: () => undefined, close: closeWhenUnlocked });

class NodeFile implements SourceFile {
  readonly #path: string;
  readonly #fd: number;
  readonly #owner: DescriptorOwner;

  constructor(path: string, fd: number, owner: DescriptorOwner) {
    this.#path = path;
    this.#fd = fd;
    this.#owner = owner;
  }

  get descriptor(): number {
    return this.#fd;
  }

  stamp(): FileStamp {
    return toStamp(fstatSync(this.#fd, { bigint: true }));
  }

  read(position: number, target: Uint8Array): number {
    try {
      let done = 0;
      while (done < target.length) {
        const count = readSync(this.#fd, target, done, target.length - done, position + done);
        if (count === 0) break;
        done += count;
      }
      return done;
    } catch (error) {
      throw readError(error, this.#path);
    }
  }

  close(): void {
    this.#owner.close(this.#fd);
  }
}

function openFile(path: string, owner: DescriptorOwner): NodeFile {
  refuseDeviceName(path);
  // Opening a device may have effects of its own, so what it is comes first.
  if (!statSync(path).isFile()) throw notADatabaseFile(path);
  const fd = openSync(path, constants.O_RDONLY | openFlag('O_NONBLOCK') | openFlag('O_NOCTTY'));
  owner.opened(fd);
  // Something else may have come in its place meanwhile.
  if (!fstatSync(fd).isFile()) {
    owner.close(fd);
    throw notADatabaseFile(path);
  }
  return new NodeFile(path, fd, owner);
}

function notADatabaseFile(path: string): UserFacingError {
  return new UserFacingError('not-a-file', t`${path} is not a file.`, t`Select a database file.`);
}

function orNull<T>(path: string, access: () => T): T | null {
  try {
    return access();
  } catch (error) {
    const code = errnoCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    throw readError(error, path);
  }
}

function readError(error: unknown, path: string): Error {
  const known = fileError(error, path);
  if (known instanceof UserFacingError) return known;
  const reason = error instanceof Error ? error.message : String(error);
  const next = t`Check the disk or the connection to it, then try again.`;
  return new UserFacingError('unreadable', t`${path} cannot be read: ${reason}.`, next, { cause: error });
}

function toStamp(stats: BigIntStats): FileStamp {
  return { fileId: fileIdOf(stats), size: Number(stats.size), modified: stats.mtimeNs };
}

/** Read ahead at once: the pages of a table mostly lie in a row. In bytes. */
const aheadBytes = 512 * 1024;

/** So many pages elsewhere in a row mean that reading goes on there. */
const mostStrays = 4;

/** The bytes of a file that is open, read past every cache. Several threads may share a descriptor, for positions are given. */
export class DescriptorImage implements ByteImage {
  readonly byteLength: number;
  readonly #descriptor: number;
  readonly #ahead: Uint8Array;
  readonly #single = new Uint8Array(65_536);
  #start = 0;
  #end = 0;
  /** How many reads in a row were elsewhere. */
  #strays = 0;

  /** `ahead`: how many bytes are read ahead at once. */
  constructor(descriptor: number, byteLength: number, ahead = aheadBytes) {
    this.#ahead = new Uint8Array(ahead);
    this.#descriptor = descriptor;
    this.byteLength = byteLength;
  }

  read(position: number, length: number): Uint8Array {
    const from = position - this.#start;
    if (from >= 0 && position + length <= this.#end) {
      this.#strays = 0;
      return this.#ahead.subarray(from, from + length);
    }
    const isElsewhere = position < this.#start || position >= this.#end + this.#ahead.length;
    // A page elsewhere, as the rest of a long row, must not cost what was read ahead.
    if (isElsewhere && this.#end > 0 && length <= this.#single.length && this.#strays < mostStrays) {
      this.#strays += 1;
      return this.#fill(this.#single, position, length);
    }
    this.#strays = 0;
    const size = Math.max(length, Math.min(this.#ahead.length, this.byteLength - position));
    if (size > this.#ahead.length) return this.#fill(new Uint8Array(length), position, length);
    this.#fill(this.#ahead, position, size);
    this.#start = position;
    this.#end = position + size;
    return this.#ahead.subarray(0, length);
  }

  #fill(target: Uint8Array, position: number, length: number): Uint8Array {
    let done = 0;
    while (done < length) {
      const count = readSync(this.#descriptor, target, done, length - done, position + done);
      if (count === 0) break;
      done += count;
    }
    target.fill(0, done, length);
    return target.subarray(0, length);
  }
}
