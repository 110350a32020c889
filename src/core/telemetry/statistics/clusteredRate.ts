import type { Interval } from './interval.ts';
import { wilsonInterval } from './wilsonInterval.ts';

/** Clusters of samples that depend on each other, by column: how many samples each has, and how many of them are hits. */
export interface RateClusters {
  readonly hits: ArrayLike<number>;
  /** As long as `hits`; a cluster of size 0 is none. */
  readonly sizes: ArrayLike<number>;
}

/**
 * How many independent samples tell as much about a rate as these clusters do (Kish 1965, Survey Sampling; Korn and
 * Graubard 1998, Survey Methodology 24): the number of samples over the design effect. Never more than there are, nor
 * fewer than if all samples of a cluster were one, which is also taken where no cluster differs from another.
 */
export function effectiveSamples(clusters: RateClusters): number {
  const { count, size, hits, squares } = totals(clusters);
  if (size === 0) return 0;
  const rate = hits / size;
  const fewest = size ** 2 / squares;
  if (count < 2 || rate === 0 || rate === 1) return fewest;
  let deviations = 0;
  for (let at = 0; at < clusters.sizes.length; at += 1) {
    deviations += ((clusters.hits[at] ?? 0) - rate * (clusters.sizes[at] ?? 0)) ** 2;
  }
  const variance = ((count / (count - 1)) * deviations) / size ** 2;
  return Math.min(size, Math.max(fewest, (rate * (1 - rate)) / variance));
}

/** The 95 % interval of a rate over clusters, as fractions: Wilson's, with the effective number of samples. */
export function clusteredRateInterval(clusters: RateClusters): Interval {
  const { size, hits } = totals(clusters);
  const trials = effectiveSamples(clusters);
  return wilsonInterval(size === 0 ? 0 : (hits / size) * trials, trials);
}

function totals({ hits, sizes }: RateClusters) {
  const sum = { count: 0, size: 0, hits: 0, squares: 0 };
  for (let at = 0; at < sizes.length; at += 1) {
    const size = sizes[at] ?? 0;
    if (size === 0) continue;
    sum.count += 1;
    sum.size += size;
    sum.hits += hits[at] ?? 0;
    sum.squares += size ** 2;
  }
  return sum;
}
