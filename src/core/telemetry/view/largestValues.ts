/** Those of `chosen` with the largest values, at most `most`, in no order; NaN counts as the smallest. One pass. */
export function largestValues(
  chosen: Uint32Array,
  most: number,
  valueOf: (at: number) => number,
): readonly number[] {
  if (most <= 0) return [];
  let best: { readonly at: number; readonly value: number }[] = [];
  let least = -Infinity;
  for (const at of chosen) {
    const value = valueOf(at);
    if (!(value > least) && best.length >= most) continue;
    best.push({ at, value: Number.isNaN(value) ? -Infinity : value });
    // Sorted only now and then, so that many cost little more than looking at each.
    if (best.length < 2 * most) continue;
    best = best.sort((a, b) => b.value - a.value).slice(0, most);
    least = best.at(-1)?.value ?? -Infinity;
  }
  return best
    .sort((a, b) => b.value - a.value)
    .slice(0, most)
    .map(({ at }) => at);
}
