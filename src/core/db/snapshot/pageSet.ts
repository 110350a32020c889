/** A set of page numbers (from 1), one bit each: a query over a large database touches hundreds of thousands. */
export class PageSet {
  #bits = new Uint8Array(1024);

  add(page: number): void {
    const at = page >> 3;
    if (at >= this.#bits.length) {
      const grown = new Uint8Array(Math.max(at + 1, this.#bits.length * 2));
      grown.set(this.#bits);
      this.#bits = grown;
    }
    this.#bits[at] = (this.#bits[at] ?? 0) | (1 << (page & 7));
  }

  addAll(pages: Iterable<number>): void {
    for (const page of pages) this.add(page);
  }

  has(page: number): boolean {
    return (((this.#bits[page >> 3] ?? 0) >> (page & 7)) & 1) === 1;
  }

  /** In ascending order. */
  *[Symbol.iterator](): Generator<number> {
    for (let at = 0; at < this.#bits.length; at++) {
      const byte = this.#bits[at] ?? 0;
      if (byte === 0) continue;
      for (let bit = 0; bit < 8; bit++) if ((byte >> bit) & 1) yield at * 8 + bit;
    }
  }
}
