/** Fewer are sorted faster as they are. */
const many = 20_000;
const digitsPerNumber = 4;
/** Where the highest byte of a number comes first, its digits do too: there it is sorted by comparing. */
const isLittleEndian = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

/**
 * Sorts positive numbers ascending, in place: many of them by four passes over 16 bits each (Knuth, The Art of Computer
 * Programming, 5.2.5), for the bits of a positive number, read as an integer, are in its order. Several times as fast as
 * comparing.
 */
export function sortPositive(values: Float64Array<ArrayBuffer>): Float64Array<ArrayBuffer> {
  if (values.length < many || !isLittleEndian) return values.sort();
  let [from, to] = [values, new Float64Array(values.length)];
  for (let digit = 0; digit < digitsPerNumber; digit += 1) {
    const digits = new Uint16Array(from.buffer, from.byteOffset, from.length * digitsPerNumber);
    const places = firstPlaces(digits, digit);
    for (let at = 0; at < from.length; at += 1) {
      const value = digits[at * digitsPerNumber + digit] ?? 0;
      const place = places[value] ?? 0;
      places[value] = place + 1;
      to[place] = from[at] ?? NaN;
    }
    [from, to] = [to, from];
  }
  return from;
}

/** A digit of more bits has more places to write to than the processor keeps at hand. */
const mostDigitBits = 13;
/** Longer runs that agree in the upper half of their bits, and are not equal, are sorted by comparing. */
const shortRun = 32;

/** The indices of positive numbers, in the order of the numbers and, where these are equal, of the indices. */
export function orderOfPositive(values: Float64Array<ArrayBuffer>): Uint32Array {
  const order = new Uint32Array(values.length);
  for (let at = 0; at < order.length; at += 1) order[at] = at;
  return sortWithLabels(values, order).labels;
}

/** Numbers that ascend, and what each is labelled. */
export interface LabelledNumbers<Memory extends ArrayBufferLike = ArrayBuffer> {
  readonly values: Float64Array<Memory>;
  readonly labels: Uint32Array;
}

/**
 * Sorts numbers of either sign together with a label of each; equal numbers keep their order. By passes over the bits in
 * which the upper halves differ, mostly two; what agrees in them is put in order afterwards. Neither array is changed.
 */
export function sortWithLabels(values: Float64Array<ArrayBuffer>, labels: Uint32Array): LabelledNumbers {
  const count = values.length;
  if (count < many || !isLittleEndian) return sortByComparing(values, labels);
  let [from, to] = [values, new Float64Array(count)];
  let [fromLabels, toLabels]: [Uint32Array, Uint32Array] = [labels, new Uint32Array(count)];
  const { least, bits } = upperHalves(values);
  const passes = Math.max(1, Math.ceil(bits / mostDigitBits));
  const digitBits = Math.ceil(bits / passes);
  const mask = 2 ** digitBits - 1;
  for (let pass = 0; pass < passes; pass += 1) {
    const shift = pass * digitBits;
    const halves = new Uint32Array(from.buffer, from.byteOffset, 2 * count);
    const places = new Uint32Array(mask + 2);
    for (let at = 1; at < 2 * count; at += 2) {
      const next = (((orderedHalf(halves[at] ?? 0) - least) >>> shift) & mask) + 1;
      places[next] = (places[next] ?? 0) + 1;
    }
    for (let value = 1; value <= mask; value += 1)
      places[value] = (places[value] ?? 0) + (places[value - 1] ?? 0);
    for (let at = 0; at < count; at += 1) {
      const digit = ((orderedHalf(halves[2 * at + 1] ?? 0) - least) >>> shift) & mask;
      const place = places[digit] ?? 0;
      places[digit] = place + 1;
      to[place] = from[at] ?? NaN;
      toLabels[place] = fromLabels[at] ?? 0;
    }
    // What came from outside stays as it is.
    const [spare, spareLabels] = pass === 0 ? [null, null] : [from, fromLabels];
    [from, fromLabels] = [to, toLabels];
    if (pass + 1 < passes)
      [to, toLabels] = [spare ?? new Float64Array(count), spareLabels ?? new Uint32Array(count)];
  }
  sortRuns(from, fromLabels);
  return { values: from, labels: fromLabels };
}

/** Several such lists as one; of equal numbers those of the first list come first. */
export function mergeSorted(
  lists: readonly LabelledNumbers<ArrayBufferLike>[],
): LabelledNumbers<ArrayBufferLike> {
  let level = lists.filter(({ values }) => values.length > 0);
  while (level.length > 1) {
    const next: LabelledNumbers<ArrayBufferLike>[] = [];
    for (let at = 0; at < level.length; at += 2) {
      const [first, second] = [level[at], level[at + 1]];
      if (first !== undefined) next.push(second === undefined ? first : mergeTwo(first, second));
    }
    level = next;
  }
  return level[0] ?? { values: new Float64Array(0), labels: new Uint32Array(0) };
}

function mergeTwo(
  first: LabelledNumbers<ArrayBufferLike>,
  second: LabelledNumbers<ArrayBufferLike>,
): LabelledNumbers {
  const count = first.values.length + second.values.length;
  const [values, labels] = [new Float64Array(count), new Uint32Array(count)];
  let [at, other] = [0, 0];
  let [value, otherValue] = [first.values[0] ?? Infinity, second.values[0] ?? Infinity];
  for (let place = 0; place < count; place += 1) {
    if (other >= second.values.length || (value <= otherValue && at < first.values.length)) {
      values[place] = value;
      labels[place] = first.labels[at] ?? 0;
      at += 1;
      value = first.values[at] ?? Infinity;
    } else {
      values[place] = otherValue;
      labels[place] = second.labels[other] ?? 0;
      other += 1;
      otherValue = second.values[other] ?? Infinity;
    }
  }
  return { values, labels };
}

/** The upper half of a number's bits so that its order is that of the numbers: negative ones have their bits the other way round. */
function orderedHalf(half: number): number {
  return (half ^ ((half >> 31) | 0x8000_0000)) >>> 0;
}

/** The least upper half of the numbers, and how many bits it takes to tell them apart from there. */
function upperHalves(values: Float64Array<ArrayBuffer>): { readonly least: number; readonly bits: number } {
  const halves = new Uint32Array(values.buffer, values.byteOffset, 2 * values.length);
  let [least, largest] = [2 ** 32 - 1, 0];
  for (let at = 1; at < halves.length; at += 2) {
    const half = orderedHalf(halves[at] ?? 0);
    if (half < least) least = half;
    if (half > largest) largest = half;
  }
  return { least, bits: 32 - Math.clz32(largest - least) };
}

/** Puts runs in order that agree in the upper halves of their bits: each number goes before those that are larger. */
function sortRuns(values: Float64Array<ArrayBuffer>, labels: Uint32Array): void {
  for (let at = 1; at < values.length; at += 1) {
    const value = values[at] ?? NaN;
    if ((values[at - 1] ?? NaN) <= value) continue;
    const label = labels[at] ?? 0;
    const farthest = Math.max(0, at - shortRun);
    let place = at;
    for (; place > farthest && (values[place - 1] ?? NaN) > value; place -= 1) {
      values[place] = values[place - 1] ?? NaN;
      labels[place] = labels[place - 1] ?? 0;
    }
    values[place] = value;
    labels[place] = label;
    if (place === farthest) at = sortLongRun(values, labels, at);
  }
}

/** Sorts the run around `at` by comparing, and says where it ends. */
function sortLongRun(values: Float64Array<ArrayBuffer>, labels: Uint32Array, at: number): number {
  const halves = new Uint32Array(values.buffer, values.byteOffset, 2 * values.length);
  let [start, end] = [at, at + 1];
  while (start > 0 && halves[2 * start - 1] === halves[2 * at + 1]) start -= 1;
  while (end < values.length && halves[2 * end + 1] === halves[2 * at + 1]) end += 1;
  const sorted = sortByComparing(values.slice(start, end), labels.slice(start, end));
  values.set(sorted.values, start);
  labels.set(sorted.labels, start);
  return end - 1;
}

function sortByComparing(values: Float64Array<ArrayBuffer>, labels: Uint32Array): LabelledNumbers {
  const order = Uint32Array.from(values, (_, at) => at).sort(
    (a, b) => (values[a] ?? NaN) - (values[b] ?? NaN) || a - b,
  );
  return {
    values: Float64Array.from(order, (at) => values[at] ?? NaN),
    labels: Uint32Array.from(order, (at) => labels[at] ?? 0),
  };
}

/** For each value of a digit, where the numbers that have it begin once they are sorted by it. */
function firstPlaces(digits: Uint16Array, digit: number): Uint32Array {
  const places = new Uint32Array(2 ** 16);
  for (let at = digit; at < digits.length; at += digitsPerNumber) {
    const value = digits[at] ?? 0;
    places[value] = (places[value] ?? 0) + 1;
  }
  let next = 0;
  for (let value = 0; value < places.length; value += 1) {
    const count = places[value] ?? 0;
    places[value] = next;
    next += count;
  }
  return places;
}
