import { clusteredRateInterval, type RateClusters } from './clusteredRate.ts';
import type { Interval } from './interval.ts';

/**
 * The 95 % interval of a quantile where samples come in clusters (Woodruff 1952, JASA 47; Francisco and Fuller 1991,
 * Annals of Statistics 19): the interval of the share of samples that do not exceed the quantile, with clusters counted
 * as they depend on each other, and the values that such shares of the samples do not exceed. `sorted` holds all values,
 * ascending; `clusters` tell how many of each cluster do not exceed the quantile. `null` with less than two clusters. For
 * many samples: there it agrees with resampling, at a fraction of its cost.
 */
export function clusteredQuantileInterval(sorted: Float64Array, clusters: RateClusters): Interval | null {
  let count = 0;
  for (let at = 0; at < clusters.sizes.length && count < 2; at += 1) if (clusters.sizes[at]) count += 1;
  if (count < 2) return null;
  const share = clusteredRateInterval(clusters);
  return { low: valueAt(sorted, share.low), high: valueAt(sorted, share.high) };
}

/** The smallest value that this share does not exceed. */
function valueAt(sorted: Float64Array, share: number): number {
  const rank = Math.ceil(share * sorted.length - 1e-9);
  return sorted[Math.min(sorted.length, Math.max(1, rank)) - 1] ?? NaN;
}
