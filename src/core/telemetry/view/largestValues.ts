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
