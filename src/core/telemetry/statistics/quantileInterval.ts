import { BinomialDistribution } from './binomialDistribution.ts';
import type { Interval } from './interval.ts';

/**
 * The ranks (from 1) of the order statistics between which the quantile lies with 95 % confidence at least, whatever
 * the distribution (Conover, Practical Nonparametric Statistics, 3.2; Hahn and Meeker, Statistical Intervals, 5.2).
 * The number of samples below the quantile is binomial; 2.5 % are left out at either end. `null` where there are too
 * few samples: then even the extremes promise less.
 */
export function quantileRanks(samples: number, probability: number): readonly [number, number] | null {
  const below = new BinomialDistribution(samples, probability);
  const lower = below.firstAbove(0.025);
  const upper = below.firstAbove(0.975 - 1e-12) + 1;
  return lower < 1 || upper > samples ? null : [lower, upper];
}

/** The 95 % interval of a quantile of `sorted` values (ascending); see {@link quantileRanks}. */
export function quantileInterval(sorted: ArrayLike<number>, probability: number): Interval | null {
  const ranks = quantileRanks(sorted.length, probability);
  if (ranks === null) return null;
  return { low: sorted[ranks[0] - 1] ?? NaN, high: sorted[ranks[1] - 1] ?? NaN };
}
