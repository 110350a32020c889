/** How many pages share a bitmap. */
const span = 4096;

/** A set of page numbers (from 1), for queries that touch a handful of pages and for those that touch hundreds of thousands. */
export class PageSet {
  readonly #pages: number[] = [];
  /** A bit for each page, in parts that exist only where there are pages. */
  readonly #bits = new Map<number, Uint8Array>();

  /** Says whether it was not in the set before. */
  add(page: number): boolean {
    const part = Math.floor(page / span);
    const at = (page % span) >> 3;
    const bit = 1 << (page & 7);
    let bits = this.#bits.get(part);
    if (bits === undefined) this.#bits.set(part, (bits = new Uint8Array(span / 8)));
    const byte = bits[at] ?? 0;
    if ((byte & bit) !== 0) return false;
    bits[at] = byte | bit;
    this.#pages.push(page);
    return true;
  }

  /** In the order in which they were added. */
  [Symbol.iterator](): Iterator<number> {
    return this.#pages[Symbol.iterator]();
  }
}

/** Pages that stand in front of the main file: committed frames of a WAL, or originals kept in a rollback journal. */
export interface PageLayer {
  /** In bytes; where it differs from the main file's, SQLite goes by the layer's. */
  readonly pageSize: number;
  /** How many pages the database has by this layer. */
  readonly pageCount: number;
  has(page: number): boolean;
  /** Copies from page `page` (from 1), starting `from` bytes into it, as much as fits in `target`. */
  read(page: number, from: number, target: Uint8Array): void;
}

/** Lays the pages of a layer over `target`, which holds the bytes of the database from `position` on. */
export function overlay(layer: PageLayer, position: number, target: Uint8Array): void {
  const { pageSize } = layer;
  const end = position + target.length;
  for (let page = Math.floor(position / pageSize) + 1; (page - 1) * pageSize < end; page++) {
    if (!layer.has(page)) continue;
    const start = (page - 1) * pageSize;
    const from = Math.max(0, position - start);
    const to = Math.min(pageSize, end - start);
    layer.read(page, from, target.subarray(start + from - position, start + to - position));
  }
}

/** Where the header of page 1 ends: beyond lies the schema. */
const headerEnd = 100;

/** Whether two pages hold the same bytes. Both start at a multiple of 4 in their buffers, as pages in blocks do. */
export function samePage(a: Uint8Array, b: Uint8Array): boolean {
  const wordsA = new Int32Array(a.buffer, a.byteOffset, a.length >> 2);
  const wordsB = new Int32Array(b.buffer, b.byteOffset, b.length >> 2);
  for (let i = 0; i < wordsA.length; i++) if (wordsA[i] !== wordsB[i]) return false;
  return true;
}

/** Whether two versions of page 1 differ only in what every transaction rewrites: change counter, valid-for, version. */
export function samePage1(a: Uint8Array, b: Uint8Array): boolean {
  return sameFirstPage(a, b, 28);
}

/** The same for what queries read: besides, the size of the file and its list of free pages may differ. */
export function sameSchemaPage(a: Uint8Array, b: Uint8Array): boolean {
  return sameFirstPage(a, b, 40);
}

function sameFirstPage(a: Uint8Array, b: Uint8Array, counterEnd: number): boolean {
  return sameRange(a, b, 0, 24) && sameRange(a, b, counterEnd, 92) && sameRange(a, b, headerEnd, a.length);
}

function sameRange(a: Uint8Array, b: Uint8Array, from: number, to: number): boolean {
  for (let i = from; i < to; i++) if (a[i] !== b[i]) return false;
  return true;
}
