import { dirname } from 'node:path';
import type {
  DatabaseWriterPort,
  ExpectedFile,
  WriteDatabase,
  WriteOperation,
} from '../../core/db/databasePorts.ts';
import { type Performed, performChecked } from '../../core/identity/guardedWrite.ts';
import { fileError } from '../files/fileError.ts';
import { createDraft, openToOthers, removeDraft, removeStaleDrafts } from '../files/replaceFile.ts';
import { Connection } from './connection.ts';
import { existingFileId, refuseReplaced } from './expectedFile.ts';
import { placeNewFile, refuseUnplaceable } from './placeNewFile.ts';
import { refuseTruncated } from './refuseTruncated.ts';
import { retryWhileBusy } from './retryWhileBusy.ts';
import { sqliteError } from './sqliteError.ts';

/** How a {@link DatabaseWriter} behaves where others hold the lock. */
export interface DatabaseWriterOptions {
  /** How long to wait for other writers, in ms. */
  readonly lockTimeoutMs?: number;
  /** Asked with all written and not yet committed; what it throws rolls back. */
  readonly beforeCommit?: () => Promise<void>;
  /** Learns how many more rows were changed by triggers that Autopack makes, or that a person allowed to run. */
  readonly onFurtherRows?: (rows: number, path: string) => void;
}

/**
 * Writes databases through `node:sqlite`, with SQLite's own locks and in the journal mode a file has. In this very thread,
 * so that a statement that takes long blocks it: programs use `WriterClient`, which has one of these in a process.
 */
export class DatabaseWriter implements DatabaseWriterPort {
  readonly #options: DatabaseWriterOptions;

  constructor(options: DatabaseWriterOptions = {}) {
    this.#options = options;
  }

  async perform<Params, Result>(
    path: string,
    operation: WriteOperation<Params, Result>,
    params: Params,
    signal?: AbortSignal,
    expected?: ExpectedFile,
  ): Promise<Result> {
    const work = (db: WriteDatabase): Performed<Result> =>
      performChecked(db, path, operation, params, expected);
    const { sqliteEnforcesKeys } = operation;
    const { result, furtherRows } = await this.transaction(path, work, signal, expected, sqliteEnforcesKeys);
    if (furtherRows > 0) this.#options.onFurtherRows?.(furtherRows, path);
    return result;
  }

  /** Runs `work`, which must not wait for anything, in one `BEGIN IMMEDIATE` transaction; fails like `perform`. */
  async transaction<T>(
    path: string,
    work: (db: WriteDatabase) => T,
    signal?: AbortSignal,
    expected?: ExpectedFile,
    sqliteEnforcesKeys: (db: WriteDatabase) => boolean = () => true,
  ): Promise<T> {
    const fileId = expected?.fileId ?? existingFileId(path);
    // Looked at before opening, for that would make a missing file, and with the lock held, the latest point there is.
    refuseReplaced(path, fileId);
    const guarded = (db: WriteDatabase): T => {
      refuseReplaced(path, fileId);
      refuseTruncated(db, path);
      const result = work(db);
      // What takes the place of the file while we work gets nothing, and nothing is committed into the one moved away.
      refuseReplaced(path, fileId);
      return result;
    };
    try {
      return await this.#commit(path, guarded, signal, sqliteEnforcesKeys);
    } catch (error) {
      throw sqliteError(error, path);
    }
  }

  async create(path: string, work: (db: WriteDatabase) => void, signal?: AbortSignal): Promise<void> {
    let draft: string | undefined;
    try {
      await removeStaleDrafts(dirname(path));
      await refuseUnplaceable(path);
      draft = await createDraft(path);
      await this.#commit(draft, work, signal);
      await openToOthers(draft);
      await placeNewFile(draft, path);
    } catch (error) {
      throw sqliteError(fileError(error, path), path);
    } finally {
      if (draft !== undefined) await removeDraft(draft);
    }
  }

  async #commit<T>(
    path: string,
    work: (db: WriteDatabase) => T,
    signal: AbortSignal | undefined,
    sqliteEnforcesKeys: (db: WriteDatabase) => boolean = () => true,
  ): Promise<T> {
    const connection = new Connection(path);
    const begin = (): void => {
      // Within a transaction it has no effect.
      if (!sqliteEnforcesKeys(connection)) connection.run('PRAGMA foreign_keys = OFF');
      connection.run('BEGIN IMMEDIATE');
    };
    try {
      await retryWhileBusy(begin, this.#deadline(), signal);
      const result = work(connection);
      await this.#options.beforeCommit?.();
      // In a rollback journal mode readers, too, can hold up the commit.
      await retryWhileBusy(() => connection.run('COMMIT'), this.#deadline(), signal);
      return result;
    } finally {
      connection.close();
    }
  }

  #deadline(): number {
    return Date.now() + (this.#options.lockTimeoutMs ?? 5000);
  }
}
