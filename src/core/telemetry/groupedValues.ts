/** One value for some of the samples of each group, all in one array that can be used again for other values. */
export class GroupedValues {
  readonly #values: Float64Array;
  /** Where the values of each group begin. */
  readonly #starts: Uint32Array;
  readonly #counts: Uint32Array;

  /** `most`: how many values each group has at most. */
  constructor(most: readonly number[]) {
    this.#counts = new Uint32Array(most.length);
    this.#starts = new Uint32Array(most.length);
    let total = 0;
    for (const [group, count] of most.entries()) {
      this.#starts[group] = total;
      total += count;
    }
    this.#values = new Float64Array(total);
  }

  clear(): void {
    this.#counts.fill(0);
  }

  push(group: number, value: number): void {
    const count = this.#counts[group] ?? 0;
    this.#values[(this.#starts[group] ?? 0) + count] = value;
    this.#counts[group] = count + 1;
  }

  /** The values of a group, in any order; may be reordered. */
  of(group: number): Float64Array {
    const start = this.#starts[group] ?? 0;
    return this.#values.subarray(start, start + (this.#counts[group] ?? 0));
  }

  /** The values of all groups, in any order; may be reordered. Afterwards those of single groups are lost. */
  takeAll(): Float64Array {
    let end = 0;
    for (const [group, count] of this.#counts.entries()) {
      const start = this.#starts[group] ?? 0;
      this.#values.copyWithin(end, start, start + count);
      end += count;
    }
    this.clear();
    return this.#values.subarray(0, end);
  }
}
