import { pageSizeOf } from '../databaseHeader.ts';
import type { PageLayer } from '../pages.ts';
import type { FileStamp, SourceFile } from './sourceFiles.ts';

// https://www.sqlite.org/fileformat2.html#the_rollback_journal
const magic = [0xd9, 0xd5, 0x05, 0xf9, 0x20, 0xa1, 0x63, 0xd7];
const headerBytes = 28;
const wholeFile = 0xffffffff;
const maxSectorSize = 65_536;
/** The byte range SQLite takes its locks on; the page that holds it is never journaled. */
const lockByte = 0x40000000;

interface Segment {
  readonly records: number;
  readonly nonce: number;
  readonly pageCount: number;
  readonly sectorSize: number;
  readonly pageSize: number | null;
}

interface Records {
  readonly offsetOfPage: ReadonlyMap<number, number>;
  readonly last: { readonly offset: number; readonly segment: Segment };
  /** Where the first record would be that does not count. */
  readonly end: number;
}

/**
 * A hot rollback journal: the original pages that an unfinished transaction set aside.
 * Reading them in front of the main file gives the state before that transaction, as SQLite's own recovery would,
 * without writing a byte. Holds what SQLite would play back: records with a good checksum, of segments that were synced.
 */
export class RollbackJournal implements PageLayer {
  readonly pageSize: number;
  readonly pageCount: number;
  readonly #file: SourceFile;
  readonly #first: Segment;
  readonly #stamp: FileStamp;
  readonly #records: Records;

  private constructor(
    file: SourceFile,
    stamp: FileStamp,
    first: Segment,
    pageSize: number,
    records: Records,
  ) {
    this.#file = file;
    this.#stamp = stamp;
    this.#first = first;
    this.pageSize = pageSize;
    this.pageCount = first.pageCount;
    this.#records = records;
  }

  /** `null` where the journal is not hot: no valid header (PERSIST zeroes it), or its super-journal is gone. */
  static open(
    file: SourceFile,
    mainPageSize: number,
    exists: (path: string) => boolean,
  ): RollbackJournal | null {
    const stamp = file.stamp();
    const { size } = stamp;
    const first = readSegment(file, 0, size);
    if (first === null) return null;
    const superJournal = superJournalName(file, size);
    if (superJournal !== null && !exists(superJournal)) return null;
    const pageSize = first.pageSize ?? mainPageSize;
    return new RollbackJournal(file, stamp, first, pageSize, readRecords(file, first, pageSize, size));
  }

  /** Names what is rolled back: which transaction, and how much of it was set aside. */
  get position(): string {
    return `${this.#first.nonce.toString(16)}:${this.pageCount}:${this.#records.offsetOfPage.size}`;
  }

  /** Whether the file still holds what this object was made from, and no more; `stamp` is the file's now. */
  isCurrent(stamp: FileStamp): boolean {
    if (stamp.size !== this.#stamp.size || stamp.modified !== this.#stamp.modified) return false;
    // The clock of the file system is coarse, and PERSIST writes in place: what counts is the headers, and what comes next.
    const { last, end } = this.#records;
    const now = readSegment(this.#file, last.offset, stamp.size);
    if (now?.nonce !== last.segment.nonce || now.records !== last.segment.records) return false;
    const grew = now.records === wholeFile && readRecord(this.#file, end, this.pageSize, now.nonce) !== null;
    return !grew && this.isIntact(stamp);
  }

  /** Whether what was read of the file was there to the end; if not, its transaction ended meanwhile. */
  isIntact(stamp: FileStamp): boolean {
    if (stamp.size < this.#stamp.size) return false;
    return readSegment(this.#file, 0, stamp.size)?.nonce === this.#first.nonce;
  }

  has(page: number): boolean {
    return this.#records.offsetOfPage.has(page);
  }

  read(page: number, from: number, target: Uint8Array): void {
    const there = this.#file.read((this.#records.offsetOfPage.get(page) ?? 0) + from, target);
    // The file was cut behind our back: whoever looks next sees that it moved.
    target.fill(0, there);
  }
}

function readSegment(file: SourceFile, offset: number, size: number): Segment | null {
  const bytes = new Uint8Array(headerBytes);
  if (file.read(offset, bytes) < headerBytes || magic.some((byte, i) => bytes[i] !== byte)) return null;
  const view = new DataView(bytes.buffer);
  const sectorSize = view.getUint32(20);
  const powerOfTwo = (sectorSize & (sectorSize - 1)) === 0;
  if (sectorSize < 32 || sectorSize > maxSectorSize || !powerOfTwo || offset + sectorSize > size) return null;
  const stored = view.getUint32(24);
  const pageSize = pageSizeOf(stored);
  // Very old writers left the page size out.
  if (pageSize === null && stored !== 0) return null;
  return {
    records: view.getUint32(8),
    nonce: view.getUint32(12),
    pageCount: view.getUint32(16),
    sectorSize,
    pageSize,
  };
}

function readRecords(file: SourceFile, first: Segment, pageSize: number, size: number): Records {
  const offsetOfPage = new Map<number, number>();
  const length = 4 + pageSize + 4;
  let last = { offset: 0, segment: first };
  for (;;) {
    let at = last.offset + first.sectorSize;
    // 0 records: nothing was synced, so the main file is untouched. All ones: a writer that never syncs.
    const stored = last.segment.records;
    const records = stored === wholeFile ? Math.floor((size - at) / length) : stored;
    for (let i = 0; i < records; i++, at += length) {
      const page = readRecord(file, at, pageSize, last.segment.nonce);
      if (page === null) return { offsetOfPage, last, end: at };
      if (page <= first.pageCount) offsetOfPage.set(page, at + 4);
    }
    const offset = Math.ceil(at / first.sectorSize) * first.sectorSize;
    const segment = readSegment(file, offset, size);
    if (segment === null) return { offsetOfPage, last, end: at };
    last = { offset, segment };
  }
}

/** The page that a record keeps, `null` where there is no whole record. */
function readRecord(file: SourceFile, at: number, pageSize: number, nonce: number): number | null {
  const record = new Uint8Array(4 + pageSize + 4);
  if (file.read(at, record) < record.length) return null;
  const view = new DataView(record.buffer);
  const page = view.getUint32(0);
  const lockPage = Math.floor(lockByte / pageSize) + 1;
  if (page === 0 || page === lockPage) return null;
  return checksum(record.subarray(4, 4 + pageSize), nonce) === view.getUint32(4 + pageSize) ? page : null;
}

/** Every 200th byte from the end on, added to the nonce. */
function checksum(page: Uint8Array, nonce: number): number {
  let sum = nonce;
  for (let at = page.length - 200; at > 0; at -= 200) sum = (sum + (page[at] ?? 0)) >>> 0;
  return sum;
}

/** A transaction over several databases ends its journals with the name of the file that ties them together. */
function superJournalName(file: SourceFile, size: number): string | null {
  const tail = new Uint8Array(16);
  if (size < 16 || file.read(size - 16, tail) < 16 || magic.some((byte, i) => tail[8 + i] !== byte))
    return null;
  const view = new DataView(tail.buffer);
  const length = view.getUint32(0);
  if (length === 0 || length > Math.min(size - 16, 4096)) return null;
  const name = new Uint8Array(length);
  file.read(size - 16 - length, name);
  // SQLite sums C `char`s, which are signed on some machines.
  const stored = view.getUint32(4);
  const unsigned = name.reduce((total, byte) => (total + byte) >>> 0, 0);
  const signed = name.reduce((total, byte) => (total + ((byte << 24) >> 24)) >>> 0, 0);
  return stored === unsigned || stored === signed ? new TextDecoder().decode(name) : null;
}
