import { randomBytes } from 'node:crypto';
import { statSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type {
  DatabaseWriterPort,
  ExpectedFile,
  WriteDatabase,
  WriteOperation,
  Row,
  SqlValue,
} from '../../core/db/databasePorts.ts';
import { UserFacingError } from '../../core/errors.ts';
import {
  noteCreation,
  performChecked,
  type Performed,
  type WriteOrigin,
} from '../../core/identity/guardedWrite.ts';
import type { JournalAuthor, JournalEntry } from '../../core/identity/journalEntry.ts';
import { readChanges } from '../../core/identity/journalTable.ts';
import { t } from '../../core/text/l10n.ts';
import { refuseUnsafeCompanions } from '../system/databaseCompanions.ts';
import { keepLocks } from '../system/deferredClose.ts';
import { fileError } from '../system/fileError.ts';
import { allRows, runStatement } from '../system/sqliteStatements.ts';
import { createDraft, openToOthers, removeDraft, removeStaleDrafts } from '../system/replaceFile.ts';
import { FolderJournal } from './folderJournal.ts';
import { journalAuthor } from './journalAuthor.ts';
import { existingFileId, refuseReplaced, placeNewFile, refuseUnplaceable } from './placeNewFile.ts';
import { retryWhileBusy, sqliteError } from './sqliteError.ts';

/** How a {@link DatabaseWriter} behaves where others hold the lock. */
export interface DatabaseWriterOptions {
  /** How long to wait for other writers, in ms. */
  readonly lockTimeoutMs?: number;
  /** Asked with all written and not yet committed; what it throws rolls back. */
  readonly beforeCommit?: () => Promise<void>;
  /** Learns how many more rows were changed by triggers that Autopack makes, or that a person allowed to run. */
  readonly onFurtherRows?: (rows: number, path: string) => void;
  /** Who makes the changes, for the journal; by default this process, as a command line. */
  readonly author?: JournalAuthor;
  /** The workspace folder whose journal gets a line of each change; absolute. Without it, only the database notes them. */
  readonly journalFolder?: string | null;
  /** Learns why a line could not be written, of a change that was made all the same. */
  readonly onJournalProblem?: (message: string) => void;
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
    const origin = this.#origin();
    const work = (db: WriteDatabase): Performed<Result> =>
      performChecked(db, path, operation, params, origin, expected);
    const { sqliteEnforcesKeys } = operation;
    const { result, furtherRows } = await this.transaction(
      path,
      work,
      signal,
      expected,
      sqliteEnforcesKeys,
      (db, { entry }) => this.#addLine(db, entry),
    );
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
    afterCommit?: (db: WriteDatabase, result: T) => Promise<void>,
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
      return await this.#commit(path, guarded, signal, sqliteEnforcesKeys, afterCommit);
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
      const create = (db: WriteDatabase): JournalEntry | null => {
        work(db);
        return noteCreation(db, path, this.#origin());
      };
      const entry = await this.#commit(draft, create, signal);
      await openToOthers(draft);
      await placeNewFile(draft, path);
      await this.#addLine(null, entry);
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
    afterCommit?: (db: WriteDatabase, result: T) => Promise<void>,
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
      await afterCommit?.(connection, result);
      return result;
    } finally {
      connection.close();
    }
  }

  #origin(): WriteOrigin {
    const { author = journalAuthor('command line'), journalFolder = null } = this.#options;
    return { author, folder: journalFolder, mark: randomBytes(8).toString('hex'), at: Date.now() };
  }

  /** Writes the line of a change that was committed: whatever goes wrong, it stays made, and the next one adds the line. */
  async #addLine(db: WriteDatabase | null, entry: JournalEntry | null): Promise<void> {
    const { journalFolder = null, onJournalProblem } = this.#options;
    if (entry === null || journalFolder === null) return;
    const earlier = (limit: number): JournalEntry[] =>
      db === null ? [] : readChanges(db, { limit, before: entry.serial });
    try {
      await new FolderJournal(journalFolder).add(entry, earlier);
    } catch (error) {
      onJournalProblem?.(error instanceof UserFacingError ? error.message : String(error));
    }
  }

  #deadline(): number {
    return Date.now() + (this.#options.lockTimeoutMs ?? 5000);
  }
}

/**
 * Throws `corrupt` if the file is shorter than its own page count. SQLite does not notice when only the last page is
 * cut off, and would write on. Asked inside a transaction, when a journal left by a crash has been rolled back; in WAL
 * mode the file may be short, since the newest pages are in the log.
 */
function refuseTruncated(db: WriteDatabase, path: string): void {
  const [facts] = db.all(
    'SELECT page_count * page_size AS bytes, journal_mode FROM pragma_page_count, pragma_page_size, pragma_journal_mode',
  );
  const { size } = statSync(path);
  // A file of no bytes is a whole database without tables.
  if (size === 0 || facts?.journal_mode === 'wal' || size >= Number(facts?.bytes ?? 0)) return;
  throw new UserFacingError(
    'corrupt',
    t`${path} is cut off: it is shorter than it says it is.`,
    t`Restore it from a backup, or copy it again from where it came.`,
  );
}

/** One native connection, with foreign keys enforced and no waiting inside SQLite, where it would block the thread. */
export class Connection implements WriteDatabase {
  readonly #database: DatabaseSync;
  readonly #letGo = keepLocks();

  /** Opens or creates the file; throws SQLite's own errors. */
  constructor(path: string) {
    try {
      refuseUnsafeCompanions(path);
      this.#database = new DatabaseSync(path, { timeout: 0, enableForeignKeyConstraints: true });
    } catch (error) {
      this.#letGo();
      throw error;
    }
  }

  all(sql: string, params: readonly SqlValue[] = []): Row[] {
    return allRows(this.#database, sql, params);
  }

  run(sql: string, params: readonly SqlValue[] = [], expectedRows?: number): number {
    return runStatement(this.#database, sql, params, expectedRows);
  }

  /** Closes the connection, which rolls back what was not committed. */
  close(): void {
    try {
      this.#database.close();
    } finally {
      this.#letGo();
    }
  }
}
