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

/** The indices of positive numbers, in the order of the numbers and, where these are equal, of the indices. By the same passes. */
export function orderOfPositive(values: Float64Array<ArrayBuffer>): Uint32Array {
  let from = new Uint32Array(values.length);
  for (let at = 0; at < from.length; at += 1) from[at] = at;
  if (values.length < many || !isLittleEndian)
    return from.sort((a, b) => (values[a] ?? NaN) - (values[b] ?? NaN) || a - b);
  const digits = new Uint16Array(values.buffer, values.byteOffset, values.length * digitsPerNumber);
  let to = new Uint32Array(values.length);
  for (let digit = 0; digit < digitsPerNumber; digit += 1) {
    const places = firstPlaces(digits, digit);
    for (const at of from) {
      const value = digits[at * digitsPerNumber + digit] ?? 0;
      const place = places[value] ?? 0;
      places[value] = place + 1;
      to[place] = at;
    }
    [from, to] = [to, from];
  }
  return from;
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
