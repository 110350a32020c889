import type { Row, SqlValue } from './readDatabase.ts';

/** One open write transaction. Everything done through it is committed together or not at all. */
export interface WriteDatabase {
  all(sql: string, params?: readonly SqlValue[]): Row[];
  /** Runs one statement and returns how many rows it changed. */
  run(sql: string, params?: readonly SqlValue[]): number;
}

/** The file a transaction is meant for, as it was when it was looked at. */
export interface ExpectedFile {
  /** `device:inode`, as in `DatabaseFile`. */
  readonly fileId: string;
}

/** The write port. Writes take SQLite's real locks, so they are safe beside the reference system's own. */
export interface DatabaseWriterPort {
  /**
   * Runs `work` in one `BEGIN IMMEDIATE` transaction on an existing database; `work` must not wait for anything.
   * Waits for other writers without blocking the thread, up to a bound, then fails with `locked`.
   * Fails with `not-found`, `not-a-file`, `not-sqlite`, `corrupt`, `no-permission`, `disk-full`, and with `replaced` if
   * the path no longer names the expected file (without one: the file it named at the call) once the lock is held, or
   * when `work` is done.
   * What `work` throws rolls back and is thrown on.
   */
  transaction<T>(
    path: string,
    work: (db: WriteDatabase) => T,
    signal?: AbortSignal,
    expected?: ExpectedFile,
  ): Promise<T>;
  /** Makes a new database in one transaction and puts it in place only when complete. Fails with `exists` if there is any file. */
  create(path: string, work: (db: WriteDatabase) => void, signal?: AbortSignal): Promise<void>;
}
