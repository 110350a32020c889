import { sortWithLabels } from '../statistics/radixSort.ts';

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

/** Numbers the different texts of a column by the name they normalise to, in the order of first sight. */
export class Interner {
  readonly #indexByText = new Map<string | null, number>();
  readonly #indexByName = new Map<string, number>();
  readonly #names: string[] = [];
  readonly #normalise: (text: string | null) => string;

  constructor(normalise: (text: string | null) => string) {
    this.#normalise = normalise;
  }

  /** The number of a text; each different text is normalised once. */
  index(text: string | null): number {
    const known = this.#indexByText.get(text);
    if (known !== undefined) return known;
    const name = this.#normalise(text);
    let index = this.#indexByName.get(name);
    if (index === undefined) {
      index = this.#names.push(name) - 1;
      this.#indexByName.set(name, index);
    }
    this.#indexByText.set(text, index);
    return index;
  }

  /** The name with this number. */
  name(index: number): string | undefined {
    return this.#names[index];
  }

  /** The names by their number. */
  names(): string[] {
    return [...this.#names];
  }
}

/** The values at these indices, NaN where there is none. A loop, for `from` takes ten times as long over many. */
export function gather(values: Float64Array, indices: Uint32Array): Float64Array<ArrayBuffer> {
  const chosen = new Float64Array(indices.length);
  for (let row = 0; row < indices.length; row += 1) chosen[row] = values[indices[row] ?? -1] ?? NaN;
  return chosen;
}

/** Mixes three numbers into 32 bits, by the finaliser of MurmurHash3. */
export function hashNumbers(a: number, b: number, c: number): number {
  let mixed = Math.imul(a, 0x9e3779b1) ^ Math.imul(b, 0x85ebca6b) ^ Math.imul(c, 0xc2b2ae35);
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}

/** The indices of the times that are known (not NaN), earliest first. */
export function indicesByTime(times: Float64Array): Uint32Array {
  const known = new Uint32Array(times.length);
  let [count, latest, isSorted] = [0, -Infinity, true];
  for (let at = 0; at < times.length; at += 1) {
    const time = times[at] ?? NaN;
    if (Number.isNaN(time)) continue;
    known[count] = at;
    count += 1;
    if (time < latest) isSorted = false;
    latest = time;
  }
  const timed = known.subarray(0, count);
  // Events are mostly written in their order, and looking is much faster than sorting.
  return isSorted ? timed : sortWithLabels(gather(times, timed), timed).labels;
}

/** The places of the largest values, at most `most`, largest first; NaN counts as the smallest. One pass. */
export function largestValues(values: Float64Array, most: number): readonly number[] {
  if (most <= 0) return [];
  const valueAt = (place: number): number => values[place] ?? NaN;
  const largestFirst = (a: number, b: number): number => order(valueAt(b)) - order(valueAt(a)) || a - b;
  let best: number[] = [];
  let least = -Infinity;
  for (let place = 0; place < values.length; place += 1) {
    if (!((values[place] ?? NaN) > least) && best.length >= most) continue;
    best.push(place);
    // Sorted only now and then, so that many cost little more than looking at each.
    if (best.length < 2 * most) continue;
    best = best.sort(largestFirst).slice(0, most);
    least = order(valueAt(best.at(-1) ?? 0));
  }
  return best.sort(largestFirst).slice(0, most);
}

/** The same values below zero, so that the smallest are the largest. */
export function negative(values: Float64Array): Float64Array {
  return values.map((value) => -value);
}

/** A number that differences can be taken of. */
function order(value: number): number {
  return Number.isNaN(value)
    ? -Number.MAX_VALUE
    : Math.max(-Number.MAX_VALUE, Math.min(value, Number.MAX_VALUE));
}
