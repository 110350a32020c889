import type { Interval } from './interval.ts';
import { wilsonInterval } from './wilsonInterval.ts';

/** One cluster of samples that depend on each other. */
export interface Cluster {
  readonly hits: number;
  readonly size: number;
}

/**
 * How many independent samples tell as much about a rate as these clusters do (Kish 1965, Survey Sampling; Korn and
 * Graubard 1998, Survey Methodology 24): the number of samples over the design effect. Never more than there are, nor
 * fewer than if all samples of a cluster were one, which is also taken where no cluster differs from another.
 */
export function effectiveSamples(clusters: readonly Cluster[]): number {
  const count = clusters.length;
  let [size, hits, squares] = [0, 0, 0];
  for (const cluster of clusters) {
    size += cluster.size;
    hits += cluster.hits;
    squares += cluster.size ** 2;
  }
  if (size === 0) return 0;
  const rate = hits / size;
  const fewest = size ** 2 / squares;
  if (count < 2 || rate === 0 || rate === 1) return fewest;
  const deviations = clusters.reduce((sum, one) => sum + (one.hits - rate * one.size) ** 2, 0);
  const variance = ((count / (count - 1)) * deviations) / size ** 2;
  return Math.min(size, Math.max(fewest, (rate * (1 - rate)) / variance));
}

/** The 95 % interval of a rate over clusters, as fractions: Wilson's, with the effective number of samples. */
export function clusteredRateInterval(clusters: readonly Cluster[]): Interval {
  let [size, hits] = [0, 0];
  for (const cluster of clusters) {
    size += cluster.size;
    hits += cluster.hits;
  }
  const trials = effectiveSamples(clusters);
  return wilsonInterval(size === 0 ? 0 : (hits / size) * trials, trials);
}
