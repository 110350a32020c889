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
