import { UserFacingError } from '../../errors.ts';
import { t } from '../../text/l10n.ts';
import { headerLength, parseDatabaseHeader } from '../databaseHeader.ts';
import { overlay } from '../pages.ts';
import { RollbackJournal } from './rollbackJournal.ts';
import type { FileStamp, SourceFile, SourceFiles } from './sourceFiles.ts';
import { WalFile } from './walFile.ts';

/** How often the files are looked at anew when they move within one look. */
const looksAtOnce = 5;

/** What moved between two looks: nothing, these pages (from 1), or nobody knows what. */
export type PageChanges = 'none' | 'unknown' | ReadonlySet<number>;

/**
 * The files of one database (main, `-journal`, `-wal`), seen together as one committed state.
 * Takes no lock and writes nothing, so it must be looked at again after reading: see {@link DatabaseFiles.look}.
 */
export class DatabaseFiles {
  readonly #path: string;
  readonly #files: SourceFiles;
  #realPath: string;
  #main: SourceFile | null = null;
  #mainStamp: FileStamp = { fileId: '', size: 0, modified: 0n };
  #journalFile: SourceFile | null = null;
  #journal: RollbackJournal | null = null;
  #walFile: SourceFile | null = null;
  #wal: WalFile | null = null;
  #token = '';
  #unsettled = 0;

  constructor(files: SourceFiles, path: string) {
    this.#files = files;
    this.#path = this.#realPath = path;
  }

  /** Names the committed state of the last look; equal tokens mean an equal state. */
  get token(): string {
    return this.#token;
  }

  /** The path of the main file, links resolved, as of the last look. */
  get path(): string {
    return this.#realPath;
  }

  /** The main file as of the last look. */
  get stamp(): FileStamp {
    return this.#mainStamp;
  }

  /** The size of the database in that state, which is not the size of the main file. */
  get byteLength(): number {
    if (this.#wal !== null && this.#walIsAhead) return this.#wal.pageCount * this.#wal.pageSize;
    if (this.#journal !== null) return this.#journal.pageCount * this.#journal.pageSize;
    return this.#mainStamp.size;
  }

  /** The bytes that lie in the files, which a page count can only claim to be more: at most those of all of them. */
  get storedBytes(): number {
    return this.#mainStamp.size + (this.#walFile?.stamp().size ?? 0) + (this.#journalFile?.stamp().size ?? 0);
  }

  /** Whether a WAL or a hot journal stands in front of the main file. */
  get isLayered(): boolean {
    return this.#journal !== null || this.#walIsAhead;
  }

  /** The main file's number, where the main file alone holds the committed state; `null` where there is none. */
  get descriptor(): number | null {
    return this.isLayered ? null : (this.#main?.descriptor ?? null);
  }

  /** Takes in the files as they are now. What was read between two looks is one committed state if the second says `none`. */
  look(): PageChanges {
    const before = {
      token: this.#token,
      generation: this.#wal?.generation,
      journal: this.#journal?.position,
      main: this.#main,
    };
    const changedPages = new Set<number>();
    let token: string | null = null;
    for (let i = 0; i < looksAtOnce && token === null; i++) token = this.#lookOnce(changedPages);
    // A state that has no name is like no other, so the next look finds that it moved.
    this.#token = token ?? `unsettled ${++this.#unsettled}`;
    if (this.#token === before.token) return 'none';
    const sameLayers =
      token !== null &&
      this.#walIsAhead &&
      before.main === this.#main &&
      before.journal === this.#journal?.position &&
      before.generation === this.#wal?.generation;
    return sameLayers ? changedPages : 'unknown';
  }

  /** Fills `target` with the bytes of the database from `position` on; zeros where there are none. */
  read(position: number, target: Uint8Array): void {
    const there = this.#main?.read(position, target) ?? 0;
    target.fill(0, there);
    if (this.#journal !== null) overlay(this.#journal, position, target);
    if (this.#wal !== null) overlay(this.#wal, position, target);
  }

  /**
   * The name of the state, or `null` where it moved between the first file and the last.
   * The main file is looked at on both sides of the journal: before, because a counter that a transaction has moved, and
   * then no journal, means that it is committed; after, because no journal, and then the same counter, means that the
   * pages read until now are not those of a transaction that was committed meanwhile. For the WAL the same goes for its header.
   */
  #lookOnce(changedPages: Set<number>): string | null {
    const { fileId } = this.#lookAtMain();
    const main = this.#mainToken();
    const journalIsWhole = this.#lookAtJournal();
    const wal = this.#lookAtWal(changedPages);
    if (!journalIsWhole || wal === null) return null;
    // With either layer in front, the main file moves without the committed state moving.
    if (this.isLayered) return [fileId, this.#journal?.position ?? '', wal].join(' ');
    return this.#lookAtMain().fileId === fileId && this.#mainToken() === main
      ? [fileId, main, wal].join(' ')
      : null;
  }

  get #walIsAhead(): boolean {
    return this.#wal !== null && this.#wal.committedFrames > 0;
  }

  close(): void {
    for (const file of [this.#main, this.#journalFile, this.#walFile]) file?.close();
    this.#main = this.#journalFile = this.#walFile = this.#wal = this.#journal = null;
    this.#token = '';
  }

  #lookAtMain(): FileStamp {
    const stamp = this.#files.stamp(this.#path);
    if (this.#main === null || this.#mainStamp.fileId !== stamp?.fileId) {
      this.close();
      this.#realPath = this.#files.realPath(this.#path) ?? this.#path;
      this.#main = this.#files.open(this.#realPath);
      if (this.#main === null) {
        throw new UserFacingError(
          'not-found',
          t`There is no file ${this.#path}.`,
          t`Select another database, or create it.`,
        );
      }
      this.#mainStamp = this.#main.stamp();
    } else {
      this.#mainStamp = stamp;
    }
    return this.#mainStamp;
  }

  #mainToken(): string {
    const stamp = this.#mainStamp;
    const header = new Uint8Array(headerLength);
    this.#main?.read(0, header);
    // Change counter, page count, free pages, schema cookie.
    const hex = [...header.subarray(24, 44)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
    return `${stamp.size}:${stamp.modified.toString(36)}:${hex}`;
  }

  /** Whether the journal, if any, was there from the first record to the last. */
  #lookAtJournal(): boolean {
    const path = `${this.#realPath}-journal`;
    const stamp = this.#files.stamp(path);
    // Beside an empty database, SQLite takes no journal for hot.
    if (stamp === null || stamp.size === 0 || this.#mainStamp.size === 0) {
      this.#journalFile?.close();
      this.#journalFile = this.#journal = null;
      return true;
    }
    if (this.#journalFile?.stamp().fileId !== stamp.fileId) {
      this.#journalFile?.close();
      this.#journalFile = this.#files.open(path);
      this.#journal = null;
    }
    if (this.#journalFile === null || this.#journal?.isCurrent(stamp) === true) return true;
    const exists = (name: string) => this.#files.stamp(name) !== null;
    this.#journal = RollbackJournal.open(this.#journalFile, this.#mainPageSize(), exists);
    return this.#journal?.isIntact(this.#journalFile.stamp()) ?? true;
  }

  /** Names what the WAL says, or `null` where it was started anew meanwhile. */
  #lookAtWal(changedPages: Set<number>): string | null {
    const path = `${this.#realPath}-wal`;
    const stamp = this.#files.stamp(path);
    // SQLite too takes an empty file for none, and ignores a WAL beside an empty database.
    if (stamp === null || stamp.size === 0 || this.#mainStamp.size === 0) {
      this.#walFile?.close();
      this.#walFile = this.#wal = null;
      return '';
    }
    if (this.#walFile?.stamp().fileId !== stamp.fileId) {
      this.#walFile?.close();
      this.#walFile = this.#files.open(path);
      this.#wal = null;
    }
    if (this.#walFile === null) return '';
    if (this.#wal?.isSameGeneration(stamp.size) !== true) this.#wal = WalFile.open(this.#walFile);
    if (this.#wal === null) return `${stamp.size}:${stamp.modified.toString(36)}`;
    for (const page of this.#wal.advance()) changedPages.add(page);
    return this.#wal.isSameGeneration(this.#walFile.stamp().size) ? this.#wal.position : null;
  }

  #mainPageSize(): number {
    const header = new Uint8Array(headerLength);
    this.#main?.read(0, header);
    return parseDatabaseHeader(header)?.pageSize ?? 4096;
  }
}
