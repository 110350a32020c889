import { quickselect } from 'simple-statistics';

/**
 * Quantiles of type 7 (Hyndman and Fan: linear interpolation, as in R and numpy by default) at ascending probabilities;
 * none of no value. Reorders the values: nothing is copied, for there may be millions.
 */
export function selectQuantiles(values: Float64Array, probabilities: readonly number[]): readonly number[] {
  if (values.length === 0) return [];
  // The library only indexes.
  const array = values as unknown as number[];
  const last = values.length - 1;
  let left = 0;
  return probabilities.map((probability) => {
    const place = last * probability;
    const rank = Math.floor(place);
    quickselect(array, rank, left, last);
    left = rank;
    const below = values[rank] ?? NaN;
    if (rank === place) return below;
    let above = Infinity;
    for (let at = rank + 1; at <= last; at += 1) above = Math.min(above, values[at] ?? Infinity);
    return below + (place - rank) * (above - below);
  });
}
