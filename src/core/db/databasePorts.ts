import type { LeaseProof } from '../model/phase.ts';
import type { ProtectionLevel } from '../model/protectionLevel.ts';

/** A value of SQLite as sql.js gives it. */
export type SqlValue = number | string | Uint8Array | null;

/** A row by column name. */
export type Row = Readonly<Record<string, SqlValue>>;

/**
 * The read port: one committed state of one database, queried synchronously.
 * Queries are written against it and run wherever it lives: in the reader's worker, or in a test.
 */
export interface ReadDatabase {
  /** All rows of a query. Use it for what is small by nature: a run's phases, counts. */
  all(sql: string, params?: readonly SqlValue[]): Row[];
  /** Streams rows as arrays in column order, without building objects. The array is reused: copy what you keep. */
  each(sql: string, params: readonly SqlValue[], onRow: (values: readonly SqlValue[]) => void): void;
}

/** One open write transaction. Everything done through it is committed together or not at all. */
export interface WriteDatabase {
  all(sql: string, params?: readonly SqlValue[]): Row[];
  /**
   * Runs one statement and returns how many rows it changed itself, without those of triggers and foreign keys. With
   * `expectedRows` it throws `unexpected-changes` unless that is how many.
   */
  run(sql: string, params?: readonly SqlValue[], expectedRows?: number): number;
}

/** A change of a database, by name: another process can be asked to make it, and be ended. */
export interface WriteOperation<Params, Result> {
  readonly name: string;
  /** Must not wait for anything. `path` is for messages. */
  readonly run: (db: WriteDatabase, params: Params, path: string) => Result;
  /**
   * How many rows change in all, those that foreign keys change included. By default those that the statements change
   * themselves, and no more.
   */
  readonly agreedRows?: (params: Params) => number;
  /** What it is done to, for the journal: a few short values by name. */
  readonly subject?: (params: Params) => Readonly<Record<string, string | number>>;
  /** Whether it is noted in the journal though it changes no row: it tells of what was done in another way. */
  readonly isNoted?: boolean;
  /** The protection that it sets; without it, that stays what it is. */
  readonly levelAfter?: (params: Params) => ProtectionLevel;
  /** Whether SQLite is to enforce foreign keys, asked before the transaction; by default it does. */
  readonly sqliteEnforcesKeys?: (db: Pick<ReadDatabase, 'all'>) => boolean;
  /** Whether Autopack's tables are made first, where the database is on a server. */
  readonly makesTables?: boolean;
  /** The change whose rows a server puts back first, by its serial and its mark, and how many there are. */
  readonly undoes?: (params: Params) => {
    readonly serial: number;
    readonly mark: string;
    readonly rows: number;
  };
  /** What of a database on a server must be at hand; by default nothing but our own tables. */
  readonly needs?: (params: Params) => NeededRows;
}

/** Rows that an operation looks at or changes. */
export interface NeededRows {
  /** Of these runs, of those whose id begins so, or of all. */
  readonly runs: readonly string[] | { readonly prefix: string } | 'all';
  /**
   * The rows of `runs` alone; those of tiers and phases as well; of all of Autopack's tables that are known; or whatever
   * belongs to a run.
   */
  readonly tables: 'runs' | 'work' | 'known' | 'all';
}

/** The file a transaction is meant for, as it was when it was looked at. */
export interface ExpectedFile {
  /** `device:inode`, as in `DatabaseFile`. */
  readonly fileId: string;
  /** Our identity table as it was; without it, the operation looks itself. */
  readonly identity?: { readonly id: string; readonly role: string; readonly level: ProtectionLevel };
  /** Whether triggers that Autopack does not make may run, on a person's word. */
  readonly allowTriggers?: boolean | undefined;
  readonly occasion?: WriteOccasion | undefined;
}

/** What a change belongs to, for the journal. */
export interface WriteOccasion {
  /** Whether a server keeps the rows as they were, for the way back. */
  readonly keepsRows?: boolean | undefined;
  /** The copy that was made before it; absolute. */
  readonly backup?: string | undefined;
  /** The session of a drain. */
  readonly session?: string | undefined;
  /** Of the phase that is changed: on a server, it must still be held inside the transaction. */
  readonly lease?: LeaseProof | undefined;
  /** The serial of the change becomes greater than this one, which was seen before a backup was restored. */
  readonly above?: number | undefined;
}

/** The write port. Writes take SQLite's real locks, so they are safe beside Autopack's own. */
export interface DatabaseWriterPort {
  /**
   * Makes a change in one `BEGIN IMMEDIATE` transaction on an existing database.
   * Waits for other writers up to a bound, then fails with `locked`. Fails with `not-found`, `not-a-file`, `not-sqlite`,
   * `corrupt`, `unsupported`, `no-permission`, `disk-full`, `triggers`, `unexpected-changes`, `timed-out`, with
   * `unreachable` where a server was lost and nothing was written, `uncertain` where nobody can say, and with
   * `replaced` if the path no longer names the expected file (without one: the file it named at the call) once the lock
   * is held, or when the work is done. What the operation throws rolls back and is thrown on. An abort ends it at any
   * point before the commit, also in the midst of a statement, and nothing is written then.
   */
  perform<Params, Result>(
    path: string,
    operation: WriteOperation<Params, Result>,
    params: Params,
    signal?: AbortSignal,
    expected?: ExpectedFile,
  ): Promise<Result>;
  /** Gets ready for several changes, one soon after the other, so that each takes less time. */
  prepare?(): void;
  /** Makes a new database in one transaction and puts it in place only when complete. Fails with `exists` if there is any file. */
  create(path: string, work: (db: WriteDatabase) => void, signal?: AbortSignal): Promise<void>;
}

/** The bytes of a database, to be read as SQLite asks for them. */
export interface ByteImage {
  readonly byteLength: number;
  /** How many of them lie in files; the rest is only declared, and reads as zeros. All by default. */
  readonly storedBytes?: number;
  /** `length` bytes from `position` on; the view is used at once and not kept. Throws to end the query. */
  read(position: number, length: number): Uint8Array;
}
