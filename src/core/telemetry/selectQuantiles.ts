import { quickselect } from 'simple-statistics';

/** A product such as 0.9 x 10 is rounded: it may stand on a whole number and yet compare as beside it. */
const rounding = 1e-12;

/**
 * Quantiles of type 2 (Hyndman and Fan: the smallest value that the share does not exceed, the mean of two where it ends
 * between them), as everywhere in this program, at ascending probabilities; none of no value. Reorders the values: nothing is copied, for there may be millions.
 */
export function selectQuantiles(values: Float64Array, probabilities: readonly number[]): readonly number[] {
  if (values.length === 0) return [];
  // The library only indexes.
  const array = values as unknown as number[];
  const last = values.length - 1;
  let left = 0;
  return probabilities.map((probability) => {
    const place = values.length * probability;
    const whole = Math.round(place);
    const isBetween = Math.abs(place - whole) <= rounding * values.length;
    const rank = Math.min(last, Math.max(0, (isBetween ? whole : Math.ceil(place)) - 1));
    quickselect(array, rank, left, last);
    left = rank;
    const value = values[rank] ?? NaN;
    if (!isBetween || whole === 0 || rank === last) return value;
    let next = Infinity;
    for (let at = rank + 1; at <= last; at += 1) next = Math.min(next, values[at] ?? Infinity);
    return (value + next) / 2;
  });
}
