import type { ClockPort } from '../../ports.ts';
import type { DatabaseFiles, PageChanges } from './databaseFiles.ts';
import { headerLength, parseDatabaseHeader, type DatabaseHeader } from '../databaseHeader.ts';
import { samePage, samePage1, sameSchemaPage, type PageSet } from '../pages.ts';

/** Pages are fetched in blocks of the largest page size, so a page never spans two. */
export const blockBytes = 65_536;

/** How far back a file's time may lie and still be the present tick of its clock, on a busy virtual machine too. */
const clockTickMs = 100;
/** How often, and for how long, the pages of a query are read again without a pause, to catch a writer between two commits. */
const confirmations = 30;
const confirmMs = 200;

interface Block {
  readonly bytes: Uint8Array;
  /** The epoch it was fetched in: since then, every change to its pages has been noted. */
  readonly since: number;
  /** The epoch its bytes were last known to be those of. */
  checked: number;
  /** The run that last read from it. */
  run: number;
}

/**
 * The pages of a database as of now, fetched as they are asked for, in bounded memory.
 * Time is counted in epochs, a new one whenever the files moved. The cache knows for each page since which epoch it has
 * been the same: from the frames of a WAL where there are some, and otherwise by reading it again and comparing.
 * So a query that raced with a commit stands if none of its pages changed, and so does a result of long ago.
 */
export class PageCache {
  readonly #database: DatabaseFiles;
  readonly #clock: ClockPort;
  readonly #maxBlocks: number;
  #blocks = new Map<number, Block>();
  #header: DatabaseHeader | null = null;
  #epoch = 0;
  /** The last epoch that began without word of which pages changed. */
  #unknownAt = 0;
  readonly #changedAt = new Map<number, number>();
  #schemaChangedAt = 0;
  /** Whether anything was fetched since the files were last looked at. */
  #unconfirmed = false;
  /**
   * Whether the last look came within the tick of the file's clock in which the file was written: then it could be written
   * again and show the same time. (A commit shows in the header all the same; a transaction that spills and rolls back does not.)
   */
  #wasFresh = false;
  #run = 0;
  #runEpoch = 0;
  /** A block that the current run had read from was dropped for want of room. */
  #lost = false;

  constructor(database: DatabaseFiles, clock: ClockPort, maxBytes: number) {
    this.#database = database;
    this.#clock = clock;
    this.#maxBlocks = Math.max(4, Math.floor(maxBytes / blockBytes));
  }

  /** Which state of the files the cache is at; grows when they move. */
  get epoch(): number {
    return this.#epoch;
  }

  /** The header of the database, `null` where there is none: an empty file, or no database. */
  get header(): DatabaseHeader | null {
    return this.#header;
  }

  /** Takes in the present state of the files. */
  look(): void {
    const doubtful = this.#unconfirmed && this.#wasFresh;
    if (this.#lookAtFiles() === 'none' && doubtful) this.#distrust();
  }

  /** A query begins: what it reads from now on belongs together. */
  startRun(): void {
    this.#run++;
    this.#runEpoch = this.#epoch;
    this.#lost = false;
  }

  /** Up to the end of the block, the bytes from `position` on; a view that is good until the next call. */
  bytesAt(position: number): Uint8Array {
    const index = Math.floor(position / blockBytes);
    const block = this.#current(index) ?? this.#fetch(index);
    if (block.run !== this.#run) {
      block.run = this.#run;
      // Last read is last dropped.
      this.#blocks.delete(index);
      this.#blocks.set(index, block);
    }
    return block.bytes.subarray(position - index * blockBytes);
  }

  /** Whether no page that matters to a query changed since an epoch; page 1 counts for its schema alone. */
  isUnchangedSince(epoch: number, pages: Iterable<number>): boolean {
    for (const page of pages) if (!this.#isSameSince(epoch, page, 'schema')) return false;
    return true;
  }

  /**
   * Whether the pages a run touched belong to one committed state, the present one.
   * Where the files moved meanwhile they are read again, until they stand still for as long as that takes.
   */
  confirm(touched: PageSet): boolean {
    if (!this.#unconfirmed) return true;
    const since = this.#runEpoch;
    // Readings in a row that gave the same from files that stood still; the run itself is the first.
    let same = 1;
    const end = this.#clock.now() + confirmMs;
    for (let i = 0; i < confirmations && (i === 0 || this.#clock.now() < end); i++) {
      const fresh = this.#wasFresh;
      if (this.#lookAtFiles() !== 'none') same = 0;
      // Where the files moved all the same, the frames of the WAL showed what changed.
      if ((this.#unknownAt <= since && !fresh) || same >= (fresh ? 2 : 1)) {
        for (const page of touched) if (!this.#isSameSince(since, page, 'whole')) return false;
        return true;
      }
      if (this.#lost) break;
      same = this.#readAgain(touched) ? same + 1 : 1;
    }
    this.#distrust();
    return false;
  }

  /** Pages of the present state were read past the cache: should the files move meanwhile, nobody can compare them. */
  noteReadElsewhere(): void {
    this.#unconfirmed = true;
    this.#lost = true;
  }

  clear(): void {
    this.#blocks.clear();
    this.#changedAt.clear();
    this.#unknownAt = this.#schemaChangedAt = ++this.#epoch;
  }

  #lookAtFiles(): PageChanges {
    const now = this.#clock.now();
    const changes = this.#database.look();
    const { isLayered, stamp } = this.#database;
    this.#wasFresh = !isLayered && now - Number(stamp.modified / 1_000_000n) < clockTickMs;
    this.#unconfirmed = false;
    if (changes === 'none') return changes;
    this.#epoch++;
    // What is read from here on has yet to be followed by another look.
    this.#unconfirmed = true;
    const header = new Uint8Array(headerLength);
    this.#database.read(0, header);
    const pageSize = this.#header?.pageSize;
    this.#header = this.#database.byteLength === 0 ? null : parseDatabaseHeader(header);
    if (this.#header?.pageSize !== pageSize) this.clear();
    else if (changes === 'unknown') this.#unknownAt = this.#epoch;
    else this.#takeIn(changes);
    return changes;
  }

  /** Another transaction of the WAL: these pages changed, and no other did. */
  #takeIn(changes: ReadonlySet<number>): void {
    const before = this.#epoch - 1;
    for (const page of changes) {
      const block = this.#blocks.get(this.#blockOf(page));
      const now = block?.checked === before ? this.#readPage(page) : null;
      // Nearly every transaction of a WAL brings page 1 along, unchanged but for its counters.
      if (page === 1 && block !== undefined && now !== null && !this.#lost) {
        this.#compare(page, block, now);
      } else {
        this.#noteChange(page);
        if (now !== null) block?.bytes.set(now, ((page - 1) * this.#pageSize) % blockBytes);
      }
    }
    for (const block of this.#blocks.values()) if (block.checked === before) block.checked = this.#epoch;
  }

  #isSameSince(epoch: number, page: number, part: 'whole' | 'schema'): boolean {
    if (this.#unknownAt > epoch) {
      const block = this.#current(this.#blockOf(page));
      if (block === null || block.since > epoch) return false;
    }
    const changedAt = page === 1 && part === 'schema' ? this.#schemaChangedAt : this.#changedAt.get(page);
    return (changedAt ?? 0) <= epoch;
  }

  /** A block that is in memory, brought up to the present epoch. */
  #current(index: number): Block | null {
    const block = this.#blocks.get(index);
    if (block === undefined) return null;
    if (block.checked !== this.#epoch) this.#refresh(index, block);
    return block;
  }

  #fetch(index: number): Block {
    // A block that is dropped lends its memory: a scan would leave all of the file behind for the collector otherwise.
    const bytes = this.#blocks.size < this.#maxBlocks ? new Uint8Array(blockBytes) : this.#dropOldest();
    this.#database.read(index * blockBytes, bytes);
    this.#unconfirmed = true;
    const block = { bytes, since: this.#epoch, checked: this.#epoch, run: -1 };
    this.#blocks.set(index, block);
    return block;
  }

  /** Forgets the block that was not read for longest, and hands its memory over. */
  #dropOldest(): Uint8Array {
    for (const [index, block] of this.#blocks) {
      if (block.run === this.#run) this.#lost = true;
      this.#blocks.delete(index);
      return block.bytes;
    }
    return new Uint8Array(blockBytes);
  }

  /** Reads a block again and notes which of its pages changed; says whether any did. */
  #refresh(index: number, block: Block): boolean {
    const now = new Uint8Array(blockBytes);
    this.#database.read(index * blockBytes, now);
    this.#unconfirmed = true;
    block.checked = this.#epoch;
    const pageSize = this.#pageSize;
    let changed = false;
    for (let from = 0; from < blockBytes; from += pageSize) {
      const page = (index * blockBytes + from) / pageSize + 1;
      if (this.#compare(page, block, now.subarray(from, from + pageSize))) changed = true;
    }
    return changed;
  }

  #compare(page: number, block: Block, now: Uint8Array): boolean {
    const from = ((page - 1) * this.#pageSize) % blockBytes;
    const before = block.bytes.subarray(from, from + now.length);
    if (samePage(before, now)) return false;
    const counted = page === 1 && samePage1(before, now);
    if (page === 1 && sameSchemaPage(before, now)) {
      if (!counted) this.#changedAt.set(page, this.#epoch);
    } else {
      this.#noteChange(page);
    }
    before.set(now);
    return !counted;
  }

  #noteChange(page: number): void {
    this.#changedAt.set(page, this.#epoch);
    if (page === 1) this.#schemaChangedAt = this.#epoch;
  }

  #readAgain(touched: PageSet): boolean {
    this.#distrust();
    let same = true;
    for (const page of touched) {
      const index = this.#blockOf(page);
      const block = this.#blocks.get(index);
      if (block !== undefined && block.checked !== this.#epoch && this.#refresh(index, block)) same = false;
    }
    return same;
  }

  /** Whatever is in memory is to be compared with the files before it is used again. */
  #distrust(): void {
    this.#unknownAt = ++this.#epoch;
  }

  #readPage(page: number): Uint8Array {
    const bytes = new Uint8Array(this.#pageSize);
    this.#database.read((page - 1) * this.#pageSize, bytes);
    return bytes;
  }

  #blockOf(page: number): number {
    return Math.floor(((page - 1) * this.#pageSize) / blockBytes);
  }

  get #pageSize(): number {
    return this.#header?.pageSize ?? blockBytes;
  }
}
