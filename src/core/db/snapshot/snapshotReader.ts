import { CancelledError, UserFacingError } from '../../errors.ts';
import type { ClockPort } from '../../ports.ts';
import type { QueryContext } from '../../queries/queryContext.ts';
import { DecodeWarnings } from '../decodeWarnings.ts';
import type { DecodeWarning } from '../decodeWarnings.ts';
import type { SqlEngine } from '../sqlJs/sqlEngine.ts';
import { TolerantSchema } from '../tolerantSchema.ts';
import { DatabaseFiles } from './databaseFiles.ts';
import { headerLength, parseDatabaseHeader } from './databaseHeader.ts';
import type { DatabaseHeader } from './databaseHeader.ts';
import type { SnapshotVersion } from './snapshotVersion.ts';
import type { SourceFiles } from './sourceFiles.ts';

/** What was read, the committed state it was read from, and the oddities met on the way. */
export interface SnapshotRead<T> {
  readonly value: T;
  readonly version: SnapshotVersion;
  readonly warnings: readonly DecodeWarning[];
}

const waitsMs = [0, 1, 2, 5, 10, 20, 50, 100, 200, 400, 800];

/** Reads one database, always as exactly one committed state, however busily others write it. */
export class SnapshotReader {
  readonly #database: DatabaseFiles;
  readonly #engine: SqlEngine;
  readonly #clock: ClockPort;

  constructor(path: string, files: SourceFiles, engine: SqlEngine, clock: ClockPort) {
    this.#database = new DatabaseFiles(files, path);
    this.#engine = engine;
    this.#clock = clock;
  }

  /**
   * Runs `query` on the committed state of now; it may run more than once, for a state that moved is read again.
   * Throws `busy` when it never settles, `not-sqlite`, `corrupt`, and what the files and the query throw.
   */
  async read<T>(query: (context: QueryContext) => T, signal?: AbortSignal): Promise<SnapshotRead<T>> {
    const database = this.#database;
    for (const wait of waitsMs) {
      if (signal?.aborted === true) throw new CancelledError('Reading the database');
      if (wait > 0) await this.#clock.sleep(wait, signal);
      database.look();
      const image = new Uint8Array(database.byteLength);
      database.read(0, image);
      if (database.look() !== 'none') continue;
      return this.#query(image, query);
    }
    throw new UserFacingError(
      'busy',
      `${database.path} is being written without pause.`,
      'Try again when the writer is done.',
    );
  }

  /** The committed state the database is in now, without reading it. */
  version(): SnapshotVersion {
    this.#database.look();
    return { token: this.#database.token, fileId: this.#database.stamp.fileId };
  }

  close(): void {
    this.#database.close();
  }

  #query<T>(image: Uint8Array, query: (context: QueryContext) => T): SnapshotRead<T> {
    const { path, stamp, token } = this.#database;
    const header = this.#prepareHeader(image);
    const db = this.#engine.open(image);
    try {
      const warnings = new DecodeWarnings();
      const value = query({
        db,
        schema: TolerantSchema.read(db),
        file: {
          path,
          sizeBytes: stamp.size,
          modifiedAt: Number(stamp.modified / 1_000_000n),
          journalMode: header?.wal === true ? 'wal' : 'delete',
          fileId: stamp.fileId,
        },
        warnings,
      });
      return { value, version: { token, fileId: stamp.fileId }, warnings: warnings.list() };
    } catch (error) {
      if (error instanceof UserFacingError) throw error;
      throw new UserFacingError(
        'corrupt',
        `${path} is damaged: ${error instanceof Error ? error.message : String(error)}.`,
        'Restore it from a backup, or recover what can be read with "sqlite3 FILE .recover".',
        { cause: error },
      );
    } finally {
      db.close();
    }
  }

  /** SQLite in memory knows no WAL: bytes 18 and 19 say "rollback" to it, whatever the file says. */
  #prepareHeader(image: Uint8Array): DatabaseHeader | null {
    if (image.length === 0) return null;
    const header = parseDatabaseHeader(image.subarray(0, headerLength));
    if (header === null) {
      throw new UserFacingError(
        'not-sqlite',
        `${this.#database.path} is not a SQLite database.`,
        'Select another file.',
      );
    }
    if (header.wal) image[18] = image[19] = 1;
    return header;
  }
}
