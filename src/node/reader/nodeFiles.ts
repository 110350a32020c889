import { closeSync, fstatSync, openSync, readSync, realpathSync, statSync } from 'node:fs';
import type { BigIntStats } from 'node:fs';
import type { FileStamp, SourceFile, SourceFiles } from '../../core/db/snapshot/sourceFiles.ts';
import { UserFacingError } from '../../core/errors.ts';
import { errnoCode, fileError } from '../files/fileError.ts';
import { fileIdOf } from '../files/fileId.ts';

/** Files of the local file system, opened for reading only. */
export const nodeFiles: SourceFiles = {
  realPath: (path) => orNull(path, () => realpathSync(path)),
  open: (path) => orNull(path, () => openFile(path)),
  stamp: (path) =>
    orNull(path, () => {
      const stats = statSync(path, { bigint: true, throwIfNoEntry: false });
      return stats === undefined ? null : toStamp(stats);
    }),
};

class NodeFile implements SourceFile {
  readonly #path: string;
  readonly #fd: number;

  constructor(path: string, fd: number) {
    this.#path = path;
    this.#fd = fd;
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
    closeSync(this.#fd);
  }
}

function openFile(path: string): NodeFile {
  // Opening a FIFO would wait for a writer, so what it is comes first.
  if (!statSync(path).isFile()) {
    throw new UserFacingError('not-a-file', `${path} is not a file.`, 'Select a database file.');
  }
  return new NodeFile(path, openSync(path, 'r'));
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
