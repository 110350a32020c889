import type { DatabaseFile } from '../../model/databaseFacts.ts';
import type { KeptParts, QueryContext, QueryThreads } from '../scan/queryContext.ts';
import { fileTime } from '../../model/timestamp.ts';
import { UserFacingError } from '../../errors.ts';
import { t } from '../../text/l10n.ts';
import { formatBytes } from '../../text/quantities.ts';
import { DecodeWarnings, type DecodeWarning } from '../columnReader.ts';
import type { SqlEngine } from '../sqlJs/sqlEngine.ts';
import type { OpenSqlDatabase } from '../sqlJs/sqlJsDatabase.ts';
import { TolerantSchema } from '../tolerantSchema.ts';
import type { DatabaseFiles } from './databaseFiles.ts';
import type { PageCache } from './pageCache.ts';
import { PageSet } from '../pages.ts';
import { notSqlite } from './readProblem.ts';
import { ResultMemo, type KeptResult } from './resultMemo.ts';
import { SnapshotImage } from './snapshotImage.ts';

interface Query<T> {
  readonly key: string;
  readonly run: (context: QueryContext) => T;
  readonly isLong?: boolean;
  readonly checkCancelled?: () => void;
  readonly file?: DatabaseFile | undefined;
}

interface Result<T> {
  readonly value: T;
  readonly warnings: readonly DecodeWarning[];
  readonly revision: number;
}

interface Opened {
  readonly db: OpenSqlDatabase;
  readonly image: SnapshotImage;
  readonly fileId: string;
  readonly epoch: number;
}

const keptLimits = {
  results: 512,
  /** About three results that were read from all of a database of 1.5 GB. */
  pages: 1_000_000,
  /** Answers with thousands of points, as every change of a filter brings another. */
  largeResults: 16,
};

/** Threads that read a file, known by its number and its length in bytes, beside the caller's. */
export type StartThreads = (descriptor: number, byteLength: number) => Omit<QueryThreads, 'noteRead'>;

/** Runs queries on the pages of a cache and keeps their results with the pages they were read from. */
export class SnapshotConnection {
  readonly #database: DatabaseFiles;
  readonly #cache: PageCache;
  readonly #engine: SqlEngine;
  readonly #startThreads: StartThreads | undefined;
  readonly #memo = new ResultMemo(keptLimits);
  #opened: Opened | null = null;
  #checkCancelled: (() => void) | undefined;
  /** What stands for the facts of the file during a run. */
  #fileInstead: DatabaseFile | undefined;
  #revision = 0;
  /** How often a query asked for facts of the file, which change without any page changing. */
  #fileUses = 0;
  /** Kept since the last run began, and in doubt until it is confirmed. */
  #lastKeys: string[] = [];

  constructor(database: DatabaseFiles, cache: PageCache, engine: SqlEngine, startThreads?: StartThreads) {
    this.#database = database;
    this.#cache = cache;
    this.#engine = engine;
    this.#startThreads = startThreads;
  }

  /** Answers a query, noting in `touched` every page the answer depends on. */
  run<T>(query: Query<T>, touched: PageSet): Result<T> {
    this.#checkCancelled = query.checkCancelled;
    this.#fileInstead = query.file;
    this.#lastKeys = [];
    // Without it there is no telling what kind of file it is.
    touched.add(1);
    const image = this.#image();
    return image.record(touched, () => {
      const db = this.#open(image);
      const run = (warnings: DecodeWarnings): T => query.run(this.#context(image, db, warnings));
      return this.#keep(image, query.key, run, query.isLong === true);
    });
  }

  /** Forgets what the last run kept, for it was not of one state. */
  dropLastResults(): void {
    for (const key of this.#lastKeys) this.#memo.delete(key);
  }

  close(): void {
    this.#opened?.db.close();
    this.#opened = null;
    this.#memo.clear();
  }

  #context(image: SnapshotImage, db: OpenSqlDatabase, warnings: DecodeWarnings): QueryContext {
    const kept: KeptParts = {
      reuse: (key, compute) => {
        const part = this.#keep(image, key, (own) => compute(this.#context(image, db, own)));
        for (const { what, count } of part.warnings) warnings.add(what, count);
        return part.value;
      },
    };
    const fileOf = () => this.#file();
    return {
      db,
      image,
      schema: this.#keep(image, 'schema', () => TolerantSchema.read(db)).value,
      get file() {
        return fileOf();
      },
      warnings,
      kept,
      ...this.#threadsOf(image),
    };
  }

  /** Several threads, where a file holds all of the present state. */
  #threadsOf(image: SnapshotImage): Pick<QueryContext, 'threads'> {
    const { descriptor, byteLength } = this.#database;
    if (descriptor === null || this.#startThreads === undefined || !this.#engine.readsOnDemand) return {};
    const threads = this.#startThreads(descriptor, byteLength);
    const noteRead = (pages: Iterable<number>): void => {
      this.#cache.noteReadElsewhere();
      image.noteRead(pages);
    };
    return { threads: { ...threads, noteRead } };
  }

  #file(): DatabaseFile {
    this.#fileUses++;
    if (this.#fileInstead !== undefined) return this.#fileInstead;
    const { path, stamp } = this.#database;
    return {
      path,
      sizeBytes: stamp.size,
      modifiedAt: fileTime(Number(stamp.modified / 1_000_000n)),
      journalMode: this.#cache.header?.wal === true ? 'wal' : 'delete',
      fileId: stamp.fileId,
    };
  }

  #keep<T>(
    image: SnapshotImage,
    key: string,
    compute: (warnings: DecodeWarnings) => T,
    isLarge = false,
  ): Result<T> {
    const kept = this.#memo.get(key);
    if (kept !== undefined && this.#stillStands(kept)) {
      image.noteRead(kept.pages);
      if (kept.fileState !== null) this.#fileUses++;
      // A key always stands for the same question, and so for a value of the same type.
      return { value: kept.value as T, warnings: kept.warnings, revision: kept.revision };
    }
    const pages = new PageSet();
    // Even "there is nothing" was read from the first page.
    pages.add(1);
    const warnings = new DecodeWarnings();
    const fileUses = this.#fileUses;
    const value = image.record(pages, () => compute(warnings));
    const result = { value, warnings: warnings.list(), revision: ++this.#revision };
    // A copied image was read as a whole, whatever the query needed of it.
    if (this.#engine.readsOnDemand) {
      const fileState = this.#fileUses === fileUses ? null : this.#fileState;
      const { epoch } = this.#cache;
      this.#memo.set(key, { ...result, pages: Uint32Array.from(pages), fileState, epoch, isLarge });
      this.#lastKeys.push(key);
    }
    return result;
  }

  #stillStands(kept: KeptResult): boolean {
    if (kept.fileState !== null && kept.fileState !== this.#fileState) return false;
    return this.#cache.isUnchangedSince(kept.epoch, kept.pages);
  }

  get #fileState(): string {
    if (this.#fileInstead !== undefined) return JSON.stringify(this.#fileInstead);
    const { path, stamp } = this.#database;
    return `${stamp.fileId} ${stamp.size} ${stamp.modified} ${path}`;
  }

  #image(): SnapshotImage {
    const { byteLength, stamp } = this.#database;
    const opened = this.#opened;
    if (opened !== null) {
      const same =
        opened.fileId === stamp.fileId &&
        opened.image.byteLength === byteLength &&
        (this.#engine.readsOnDemand
          ? this.#cache.isUnchangedSince(opened.epoch, [1])
          : this.#cache.epoch === opened.epoch);
      if (same) return opened.image;
      opened.db.close();
      this.#opened = null;
    }
    if (byteLength > 0 && this.#cache.header === null) throw notSqlite(this.#database.path);
    const { storedBytes, path } = this.#database;
    // A page that was never written holds nothing, and each that was can tell of so many that were not.
    const perPage = (this.#cache.header?.pageSize ?? 0) / 4;
    if (byteLength > storedBytes * Math.max(perPage, 1)) {
      throw new UserFacingError(
        'corrupt',
        t`${path} is damaged: it declares ${formatBytes(byteLength)}, and its files hold ${formatBytes(storedBytes)}.`,
        t`Restore it from a backup, or save what can be read with "sqlite3 FILE .recover".`,
      );
    }
    return new SnapshotImage(this.#cache, byteLength, storedBytes, () => this.#checkCancelled?.());
  }

  #open(image: SnapshotImage): OpenSqlDatabase {
    if (this.#opened !== null) return this.#opened.db;
    const db = this.#engine.open(image);
    this.#opened = { db, image, fileId: this.#database.stamp.fileId, epoch: this.#cache.epoch };
    return db;
  }
}
