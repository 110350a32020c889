import { existsSync, openSync, readSync } from 'node:fs';
import { closeWhenUnlocked } from '../system/deferredClose.ts';
import { Connection } from '../writer/databaseWriter.ts';
import { sqliteError } from '../writer/sqliteError.ts';

/** Where the header of a database counts its commits in rollback mode (sqlite.org/fileformat2.html, 1.3.7). */
const changeCounter = { offset: 24, bytes: 4 };
/** The header of the index of a write-ahead log, which every commit rewrites (sqlite.org/walformat.html, 2.1). */
const logIndexHeader = { offset: 0, bytes: 48 };

/**
 * Returns whether somebody has committed to a database, also while another connection of this process has it locked, when
 * SQLite itself cannot be asked. Keeps a connection open, or the last one to leave would empty the log; and keeps its
 * files open to the end, because closing one lets go of all locks this process has on it (POSIX).
 */
export class CommitWatch {
  readonly #connection: Connection;
  readonly #database: number;
  readonly #logIndexPath: string;
  #logIndex: number | undefined;

  /** Fails like the writer where there is no database under that path. */
  constructor(path: string) {
    this.#connection = new Connection(path);
    try {
      // The first read brings a crashed writer's journal to its end, and makes the index of a log. This one reads no
      // schema, which may hold what SQLite does not know.
      this.#connection.all('PRAGMA data_version');
      this.#database = openSync(path, 'r');
    } catch (error) {
      this.#connection.close();
      throw sqliteError(error, path);
    }
    this.#logIndexPath = `${path}-shm`;
  }

  /** Differs from an earlier one if there was a commit since. */
  fingerprint(): string {
    if (this.#logIndex === undefined && existsSync(this.#logIndexPath)) {
      this.#logIndex = openSync(this.#logIndexPath, 'r');
    }
    const index = this.#logIndex === undefined ? '' : read(this.#logIndex, logIndexHeader);
    return `${read(this.#database, changeCounter)} ${index}`;
  }

  close(): void {
    this.#connection.close();
    closeWhenUnlocked(this.#database);
    if (this.#logIndex !== undefined) closeWhenUnlocked(this.#logIndex);
  }
}

function read(file: number, { offset, bytes }: { readonly offset: number; readonly bytes: number }): string {
  const target = Buffer.alloc(bytes);
  readSync(file, target, 0, bytes, offset);
  return target.toString('hex');
}

/** Throws `locked` at once if somebody reads or writes the database just now. Changes nothing. */
export function refuseLocked(path: string): void {
  let connection: Connection | undefined;
  try {
    connection = new Connection(path);
    connection.run('BEGIN EXCLUSIVE');
    connection.run('ROLLBACK');
  } catch (error) {
    throw sqliteError(error, path);
  } finally {
    connection?.close();
  }
}
