import { pageSizeOf } from './databaseHeader.ts';
import type { PageLayer } from './pageLayer.ts';
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
  readonly lastHeaderAt: number;
  readonly lastHeaderRecords: number;
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

  /** Whether the file still holds what this object was made from; `stamp` is the file's now. */
  isCurrent(stamp: FileStamp): boolean {
    if (stamp.size !== this.#stamp.size || stamp.modified !== this.#stamp.modified) return false;
    // The clock of the file system is coarse; what makes records count is a header written in place, first or last.
    const first = readSegment(this.#file, 0, stamp.size);
    const last = readSegment(this.#file, this.#records.lastHeaderAt, stamp.size);
    return (
      first?.nonce === this.#first.nonce &&
      first.records === this.#first.records &&
      last?.records === this.#records.lastHeaderRecords
    );
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
  const lockPage = Math.floor(lockByte / pageSize) + 1;
  const record = new Uint8Array(4 + pageSize + 4);
  const view = new DataView(record.buffer);
  for (let segment = first, headerAt = 0; ;) {
    const done: Records = { offsetOfPage, lastHeaderAt: headerAt, lastHeaderRecords: segment.records };
    let offset = headerAt + first.sectorSize;
    // 0 records: nothing was synced, so the main file is untouched. All ones: a writer that never syncs.
    const records =
      segment.records === wholeFile ? Math.floor((size - offset) / record.length) : segment.records;
    for (let i = 0; i < records; i++, offset += record.length) {
      if (file.read(offset, record) < record.length) return done;
      const page = view.getUint32(0);
      if (page === 0 || page === lockPage) return done;
      if (checksum(record.subarray(4, 4 + pageSize), segment.nonce) !== view.getUint32(4 + pageSize))
        return done;
      if (page <= first.pageCount) offsetOfPage.set(page, offset + 4);
    }
    headerAt = Math.ceil(offset / first.sectorSize) * first.sectorSize;
    const next = readSegment(file, headerAt, size);
    if (next === null) return done;
    segment = next;
  }
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
