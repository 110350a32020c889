import { constants, fstatSync, openSync, readSync, realpathSync, statSync, type BigIntStats } from 'node:fs';
import type { FileStamp, SourceFile, SourceFiles } from '../../core/db/snapshot/sourceFiles.ts';
import { UserFacingError } from '../../core/errors.ts';
import { closeWhenUnlocked } from '../files/deferredClose.ts';
import { errnoCode, fileError } from '../files/fileError.ts';
import { fileIdOf } from '../files/fileId.ts';
import { openFlag, refuseDeviceName } from '../files/regularFile.ts';

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
  return new UserFacingError('not-a-file', `${path} is not a file.`, 'Select a database file.');
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
  const next = 'Check the disk or the connection to it, then try again.';
  return new UserFacingError('unreadable', `${path} cannot be read: ${reason}.`, next, { cause: error });
}

function toStamp(stats: BigIntStats): FileStamp {
  return { fileId: fileIdOf(stats), size: Number(stats.size), modified: stats.mtimeNs };
}
