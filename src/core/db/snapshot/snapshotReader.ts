import type { DatabaseFile } from '../../model/databaseFacts.ts';
import type { ClockPort } from '../../ports.ts';
import type { DecodeWarning } from '../columnReader.ts';
import { PageSet } from '../pages.ts';
import type { QueryContext } from '../scan/queryContext.ts';
import type { SqlEngine } from '../sqlJs/sqlEngine.ts';
import { SqlError } from '../sqlJs/sqlJsDatabase.ts';
import { DatabaseFiles } from './databaseFiles.ts';
import { PageCache } from './pageCache.ts';
import { readProblem, tooBusy } from './readProblem.ts';
import { SnapshotConnection, type StartThreads } from './snapshotConnection.ts';
import type { SnapshotVersion, SourceFiles } from './sourceFiles.ts';

/** What was read, the committed state it was read from, and the warnings met on the way. */
export interface SnapshotRead<T> {
  readonly value: T;
  readonly version: SnapshotVersion;
  readonly warnings: readonly DecodeWarning[];
  /** Equal revisions of one question mean an equal answer, so there is nothing to show anew. */
  readonly revision: number;
  /** `copy` where a writer never paused for as long as the read took, so a private copy was read. */
  readonly readFrom: 'file' | 'copy';
}

/** A query, and how it may be run. */
export interface SnapshotQuery<T> {
  /** Names the question, parameters included: the answer is kept under it. */
  readonly key: string;
  readonly run: (context: QueryContext) => T;
  /** Reads much of the database: where it cannot settle, a private copy is read. */
  readonly isLong?: boolean;
  /** Called at every read; what it throws ends the query. */
  readonly checkCancelled?: () => void;
  /** What stands for the facts of the file, where it is a replica of another database. */
  readonly file?: DatabaseFile | undefined;
}

/** What a reader works with. */
export interface SnapshotReaderPorts {
  readonly files: SourceFiles;
  readonly engine: SqlEngine;
  readonly clock: ClockPort;
  readonly copies: PrivateCopyPort;
  /** Where large tables are read by several threads. */
  readonly startThreads?: StartThreads;
}

/** What a reader may use. */
export interface SnapshotReaderLimits {
  /** For pages of the database. */
  readonly cacheBytes: number;
  /** How long a database may be too busy to be read before the reader says so; 2,000 ms by default. */
  readonly busyTimeoutMs?: number;
}

const defaultBusyTimeoutMs = 2000;
const longestWaitMs = 50;
/** Reads in a row without waiting: each begins with the pages that the last one was found to need. */
const readsAtOnce = 4;

/** Reads one database, always as exactly one committed state, however busily others write it, and without a lock. */
export class SnapshotReader {
  readonly #ports: SnapshotReaderPorts;
  readonly #limits: SnapshotReaderLimits;
  readonly #database: DatabaseFiles;
  readonly #cache: PageCache;
  readonly #connection: SnapshotConnection;

  constructor(path: string, ports: SnapshotReaderPorts, limits: SnapshotReaderLimits) {
    this.#ports = ports;
    this.#limits = limits;
    this.#database = new DatabaseFiles(ports.files, path);
    this.#cache = new PageCache(this.#database, ports.clock, limits.cacheBytes);
    this.#connection = new SnapshotConnection(this.#database, this.#cache, ports.engine, ports.startThreads);
  }

  /**
   * Answers a query from the committed state of now. It may run more than once: what raced with a commit runs again.
   * Throws `busy` when it never settles, `not-found`, `not-sqlite`, `corrupt`, what the query throws, and a fatal
   * `SqlError` where SQLite broke down over a mix of states, which says nothing of the database.
   */
  async read<T>(query: SnapshotQuery<T>): Promise<SnapshotRead<T>> {
    const { clock } = this.#ports;
    const deadline = clock.now() + (this.#limits.busyTimeoutMs ?? defaultBusyTimeoutMs);
    for (let wait = 1; ; wait = Math.min(wait * 2, longestWaitMs)) {
      this.#cache.look();
      for (let i = 0; i < readsAtOnce; i++) {
        query.checkCancelled?.();
        const read = this.#tryToRead(query);
        if (read !== null) return read;
        if (clock.now() >= deadline) return this.#readCopy(query);
      }
      await clock.sleep(wait);
    }
  }

  /** The committed state the database is in now, without reading it. */
  version(): SnapshotVersion {
    this.#cache.look();
    return this.#version;
  }

  close(): void {
    this.#connection.close();
    this.#cache.clear();
    this.#database.close();
  }

  /** `null` where what was read is not of one committed state. */
  #tryToRead<T>(query: SnapshotQuery<T>): SnapshotRead<T> | null {
    const touched = new PageSet();
    const { byteLength } = this.#database;
    this.#cache.startRun();
    let outcome: Omit<SnapshotRead<T>, 'version' | 'readFrom'> | { readonly error: unknown };
    try {
      outcome = this.#connection.run(query, touched);
    } catch (error) {
      // On a mix of two states anything may go wrong.
      outcome = { error };
    }
    query.checkCancelled?.();
    const confirmed = this.#cache.confirm(touched);
    // Pages that all are of one state do not explain an error if the length was of another: SQLite looks at both.
    if (!confirmed || ('error' in outcome && this.#database.byteLength !== byteLength)) {
      if ('error' in outcome && outcome.error instanceof SqlError && outcome.error.isFatal)
        throw outcome.error;
      this.#connection.dropLastResults();
      return null;
    }
    if ('error' in outcome) throw readProblem(outcome.error, this.#database.path);
    return { ...outcome, version: this.#version, readFrom: 'file' };
  }

  async #readCopy<T>(query: SnapshotQuery<T>): Promise<SnapshotRead<T>> {
    if (query.isLong !== true) throw tooBusy(this.#database.path);
    const copy = await this.#copyUnlessCancelled(query);
    const reader = new SnapshotReader(copy.path, this.#ports, this.#limits);
    try {
      const read = await reader.read(query);
      // The state of a copy has no name among those of the original.
      const version = { token: `copy ${read.version.token}`, fileId: this.#version.fileId };
      return { ...read, version, readFrom: 'copy' };
    } finally {
      reader.close();
      await copy.remove();
    }
  }

  /** A copy cannot be stopped, but nobody has to wait for one that is no longer wanted. */
  async #copyUnlessCancelled(query: SnapshotQuery<unknown>): Promise<PrivateCopy> {
    const { copies, clock } = this.#ports;
    const copying = copies.copy(this.#database.path);
    const copied = copying.then(() => true);
    try {
      for (;;) {
        query.checkCancelled?.();
        if (await Promise.race([copied, clock.sleep(longestWaitMs)])) return await copying;
      }
    } catch (error) {
      void copying.then(
        (unwanted) => unwanted.remove(),
        () => undefined,
      );
      throw error;
    }
  }

  get #version(): SnapshotVersion {
    return { token: this.#database.token, fileId: this.#database.stamp.fileId };
  }
}

/** A copy of one committed state, for reads too long to get one from under a busy writer. */
export interface PrivateCopy {
  /** Absolute. */
  readonly path: string;
  remove(): Promise<void>;
}

/** Copies a database as SQLite's online backup does: with its locks, beside running writers. */
export interface PrivateCopyPort {
  /** Fails with `busy`, `disk-full`, or what reading fails with. */
  copy(path: string): Promise<PrivateCopy>;
}
