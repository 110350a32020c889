/** The typed arrays a column can be held in. */
type NumberArray = Float64Array | Uint32Array | Uint16Array | Uint8Array;

/** A column of numbers that grows as it is filled, in a typed array. */
export class NumberColumn<Values extends NumberArray> {
  readonly #allocate: (length: number) => Values;
  #values: Values;
  #length = 0;

  constructor(allocate: (length: number) => Values) {
    this.#allocate = allocate;
    this.#values = allocate(1024);
  }

  push(value: number): void {
    if (this.#length === this.#values.length) {
      const larger = this.#allocate(this.#length * 2);
      larger.set(this.#values);
      this.#values = larger;
    }
    this.#values[this.#length++] = value;
  }

  get length(): number {
    return this.#length;
  }

  /** The value at an index below the length. */
  get(at: number): number {
    return this.#values[at] ?? NaN;
  }

  /** Adds to the value at an index below the length. */
  add(at: number, value: number): void {
    this.#values[at] = (this.#values[at] ?? NaN) + value;
  }

  /** What was pushed so far, without a copy: push no more afterwards. */
  view(): Values {
    return this.#values.subarray(0, this.#length) as Values;
  }
}
