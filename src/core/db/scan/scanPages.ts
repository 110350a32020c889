import type { ByteImage } from '../databasePorts.ts';
import { PageSet } from '../pages.ts';
import { RecordReader } from './recordReader.ts';
import { malformed, type ScanColumn, type TableLayout } from './tableLayout.ts';

const interior = 5;

/** The pages of a table. */
export interface TreePages {
  /** Those that hold its rows, in the order of the rows. */
  readonly leaves: Uint32Array<SharedArrayBuffer>;
  /** Those that were read to find them. */
  readonly read: readonly number[];
}

/**
 * The pages of a table: its rows are below the interior pages of its tree, which are all on the same level. Only interior
 * pages are read, and one below, so what is listed may be no such page in a damaged file.
 * Format: https://www.sqlite.org/fileformat2.html#b_tree_pages
 */
export function leafPages(image: ByteImage, rootPage: number): TreePages {
  const header = image.read(0, 20);
  const size = (header[16] ?? 0) * 256 + (header[17] ?? 0);
  const pageSize = size === 1 ? 65_536 : size;
  const mostPages = image.byteLength / pageSize;
  const read: number[] = [];
  /** Appends the children of a page; `false` where it is none that has children. */
  const addChildren = (page: number, to: number[]): boolean => {
    if (page < 1 || page > mostPages) throw malformed();
    const bytes = image.read((page - 1) * pageSize, pageSize);
    read.push(page);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    const start = page === 1 ? 100 : 0;
    if (bytes[start] !== interior) return false;
    const cells = view.getUint16(start + 3);
    if (start + 12 + 2 * cells > pageSize) throw malformed();
    for (let cell = 0; cell < cells; cell += 1) {
      const offset = view.getUint16(start + 12 + 2 * cell);
      if (offset + 4 > pageSize) throw malformed();
      to.push(view.getUint32(offset));
    }
    to.push(view.getUint32(start + 8));
    return true;
  };
  let level = [rootPage];
  for (;;) {
    const below: number[] = [];
    if (!addChildren(level[0] ?? 0, below)) return { leaves: unique(level, mostPages), read };
    for (let at = 1; at < level.length; at += 1) addChildren(level[at] ?? 0, below);
    // A page that leads back to itself.
    if (below.length > mostPages) throw malformed();
    level = below;
  }
}

/** Pages that all are in the file, and each once. */
function unique(pages: readonly number[], mostPages: number): Uint32Array<SharedArrayBuffer> {
  const seen = new Uint8Array(Math.floor(mostPages / 8) + 1);
  const found = new Uint32Array(new SharedArrayBuffer(4 * pages.length));
  for (const [at, page] of pages.entries()) {
    const bit = 1 << (page & 7);
    if (page > mostPages || ((seen[page >> 3] ?? 0) & bit) !== 0) throw malformed();
    seen[page >> 3] = (seen[page >> 3] ?? 0) | bit;
    found[at] = page;
  }
  return found;
}

/** Levels of a tree, as many as SQLite itself goes down. */
const deepestTree = 20;

/** The kinds of pages of a tree; those of an index hold entries on every level. */
const trees = { table: { interior: 5, leaf: 13 }, index: { interior: 2, leaf: 10 } } as const;

/**
 * Walks the pages of a table's tree, or of an index's, whose entries do not come in their order.
 * Formats: https://www.sqlite.org/fileformat2.html#b_tree_pages
 */
export function scanPages(
  image: ByteImage,
  layout: TableLayout,
  columns: readonly ScanColumn[],
  onRow: (values: Float64Array) => void,
  tree: keyof typeof trees = 'table',
): void {
  new PageScan(image, new RecordReader(layout, columns), onRow, tree).walk(layout.rootPage);
}

/** Reads single pages of a table, in any order, for scans that several threads share. A row id beyond 2^53 is rounded. */
export function pageScanner(
  image: ByteImage,
  layout: TableLayout,
  columns: readonly ScanColumn[],
  onRow: (values: Float64Array, rowId: number) => void,
): (page: number) => void {
  const scan = new PageScan(image, new RecordReader(layout, columns), onRow, 'table');
  return (page) => scan.walk(page);
}

class PageScan {
  readonly #image: ByteImage;
  readonly #record: RecordReader;
  readonly #onRow: (values: Float64Array, rowId: number) => void;
  readonly #pageSize: number;
  /** What a page can hold: some programs keep bytes at its end for themselves. */
  readonly #usable: number;
  /** Where a page is kept while others are read. */
  readonly #own: Uint8Array;
  /** The page that is read: as the image gave it, which is good only until the next read. */
  #page: Uint8Array;
  /** A page belongs to one place in one tree: one that is reached again leads in a circle, or is counted many times. */
  readonly #visited = new PageSet();
  #at = 0;
  /** The page that is read, for whoever wants to look into what is wrong. */
  #pageNumber = 0;

  readonly #tree: keyof typeof trees;

  constructor(
    image: ByteImage,
    record: RecordReader,
    onRow: (values: Float64Array, rowId: number) => void,
    tree: keyof typeof trees,
  ) {
    this.#tree = tree;
    this.#image = image;
    this.#record = record;
    this.#onRow = onRow;
    const header = image.read(0, 100);
    const size = (header[16] ?? 0) * 256 + (header[17] ?? 0);
    this.#pageSize = size === 1 ? 65_536 : size;
    this.#usable = this.#pageSize - (header[20] ?? 0);
    this.#own = new Uint8Array(this.#pageSize);
    this.#page = this.#own;
  }

  walk(pageNumber: number, depth = 1): void {
    if (depth > deepestTree) throw malformed(`the tree is deeper than ${deepestTree} at page ${pageNumber}`);
    this.#page = this.#read(pageNumber);
    this.#record.use(this.#page);
    this.#pageNumber = pageNumber;
    const start = pageNumber === 1 ? 100 : 0;
    const kind = this.#page[start];
    const cells = this.#uint16(start + 3);
    if (kind === trees[this.#tree].leaf) {
      for (let cell = 0; cell < cells; cell += 1) this.#cell(this.#uint16(start + 8 + 2 * cell));
    } else if (kind === trees[this.#tree].interior) {
      const children: number[] = [];
      for (let cell = 0; cell < cells; cell += 1) {
        const offset = this.#uint16(start + 12 + 2 * cell);
        children.push(this.#uint32(offset));
        if (this.#tree === 'index') this.#cell(offset + 4);
      }
      children.push(this.#uint32(start + 8));
      for (const child of children) this.walk(child, depth + 1);
    } else {
      throw malformed(`page ${pageNumber} is of another kind`);
    }
  }

  #cell(offset: number): void {
    this.#at = offset;
    const length = this.#varint();
    // An index has it at the end of its record.
    const rowId = this.#tree === 'table' ? this.#varint() : NaN;
    const local = this.#localLength(length);
    const end = this.#at + local;
    if (end > this.#usable) throw this.#wrong();
    if (!this.#record.read(this.#at, end)) {
      if (local === length) throw this.#wrong();
      this.#keepPage();
      this.#record.use(this.#gather(this.#page.subarray(this.#at, end), length, this.#uint32(end)));
      if (!this.#record.read(0, length)) throw this.#wrong();
      this.#record.use(this.#page);
    }
    this.#onRow(this.#record.values, rowId);
  }

  /** How much of a record is on its page; the rest is on overflow pages. */
  #localLength(length: number): number {
    const most =
      this.#tree === 'table' ? this.#usable - 35 : Math.floor(((this.#usable - 12) * 64) / 255) - 23;
    if (length <= most) return length;
    const least = Math.floor(((this.#usable - 12) * 32) / 255) - 23;
    const even = least + ((length - least) % (this.#usable - 4));
    return even <= most ? even : least;
  }

  #gather(local: Uint8Array, length: number, firstPage: number): Uint8Array {
    // A length that the file cannot hold must not claim memory.
    if (length > (this.#image.storedBytes ?? this.#image.byteLength)) throw this.#wrong();
    const whole = new Uint8Array(length);
    whole.set(local);
    let next = firstPage;
    for (let done = local.length; done < length; done += this.#usable - 4) {
      const page = this.#read(next);
      whole.set(page.subarray(4, 4 + Math.min(length - done, this.#usable - 4)), done);
      next = new DataView(page.buffer, page.byteOffset, 4).getUint32(0);
    }
    return whole;
  }

  #read(pageNumber: number): Uint8Array {
    const position = (pageNumber - 1) * this.#pageSize;
    if (pageNumber < 1 || position + this.#pageSize > this.#image.byteLength) {
      throw malformed(`page ${pageNumber} is beyond the end`);
    }
    if (!this.#visited.add(pageNumber)) throw malformed(`page ${pageNumber} is reached twice`);
    return this.#image.read(position, this.#pageSize);
  }

  #wrong(): Error {
    return malformed(`page ${this.#pageNumber}`);
  }

  #uint16(offset: number): number {
    if (offset + 2 > this.#pageSize) throw this.#wrong();
    return (this.#page[offset] ?? 0) * 256 + (this.#page[offset + 1] ?? 0);
  }

  #uint32(offset: number): number {
    if (offset + 4 > this.#pageSize) throw this.#wrong();
    const page = this.#page;
    const upper = (page[offset] ?? 0) * 256 + (page[offset + 1] ?? 0);
    return upper * 65_536 + (page[offset + 2] ?? 0) * 256 + (page[offset + 3] ?? 0);
  }

  /** Row ids take up to nine bytes: those, and with them negative ones, come out as more than 2^53. */
  #varint(): number {
    const page = this.#page;
    const at = this.#at;
    const [first, second, third] = [page[at] ?? 0, page[at + 1] ?? 0, page[at + 2] ?? 0];
    // Nearly all have at most three bytes.
    if (first < 0x80) {
      this.#at = at + 1;
      return first;
    }
    const two = ((first & 0x7f) << 7) | (second & 0x7f);
    if (second < 0x80) {
      this.#at = at + 2;
      return two;
    }
    let value = (two << 7) | (third & 0x7f);
    this.#at = at + 3;
    if (third < 0x80) return value;
    for (let read = 3; read < 8; read += 1) {
      const byte = page[this.#at] ?? 0;
      this.#at += 1;
      value = value * 128 + (byte & 0x7f);
      if (byte < 0x80) return value;
    }
    this.#at += 1;
    return value * 256 + 2 ** 53;
  }

  #keepPage(): void {
    if (this.#page === this.#own) return;
    this.#own.set(this.#page);
    this.#page = this.#own;
  }
}
