/** Numbers of lines in groups by a hash, in eight bytes each. A group may hold a few strangers, of equal hash. */
export class LinesByHash {
  readonly #starts: Uint32Array;
  readonly #lines: Uint32Array;
  readonly #mask: number;

  /** Within a group the lines keep their order. */
  constructor(lines: Uint32Array, hashOf: (line: number) => number) {
    const groups = 2 ** Math.ceil(Math.log2(lines.length + 1));
    this.#mask = groups - 1;
    this.#starts = new Uint32Array(groups + 1);
    for (const line of lines) this.#add((hashOf(line) & this.#mask) + 1, 1);
    for (let group = 1; group <= groups; group += 1) this.#add(group, this.#starts[group - 1] ?? 0);
    const places = this.#starts.slice();
    this.#lines = new Uint32Array(lines.length);
    for (const line of lines) {
      const group = hashOf(line) & this.#mask;
      const place = places[group] ?? 0;
      this.#lines[place] = line;
      places[group] = place + 1;
    }
  }

  /** Orders each group by these values of its lines. */
  sortBy(values: Float64Array): this {
    const compare = (a: number, b: number): number => (values[a] ?? 0) - (values[b] ?? 0);
    for (let group = 0; group <= this.#mask; group += 1) {
      const lines = this.#group(group);
      if (lines.length > 1) lines.sort(compare);
    }
    return this;
  }

  /** The lines with this hash. */
  of(hash: number): Uint32Array {
    return this.#group(hash & this.#mask);
  }

  #group(group: number): Uint32Array {
    return this.#lines.subarray(this.#starts[group], this.#starts[group + 1]);
  }

  #add(group: number, count: number): void {
    this.#starts[group] = (this.#starts[group] ?? 0) + count;
  }
}
