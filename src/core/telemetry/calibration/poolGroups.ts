import { errorFunction } from 'simple-statistics';
import type { SampleGroup } from '../evidence/sampleGroup.ts';
import { normal95 } from '../statistics/interval.ts';
import { betweenVariance, commonMean, type GroupMean, shrink } from '../statistics/partialPooling.ts';
import type { CalibrationEvidence } from './calibrationEvidence.ts';
import type { PooledEstimate } from './calibrationProposal.ts';
import { calibrationRules } from './calibrationRules.ts';

/** All samples of one phase of one kind: the mean of log(actual / estimate). One such number counts once. */
export interface PhaseFactor {
  readonly group: number;
  readonly phase: number;
  readonly logFactor: number;
}

/** Phases that agree to the last digit are still no proof of certainty: the least standard deviation of a log factor. */
const leastDeviation = 0.02;

/** One number for each phase, since its samples depend on each other. */
export function phaseFactors({ clean, groups }: CalibrationEvidence): readonly PhaseFactor[] {
  const sums = new Map<number, { group: number; phase: number; sum: number; count: number }>();
  for (const [row, group] of clean.group.entries()) {
    const phase = clean.phase[row] ?? 0;
    const key = phase * groups.length + group;
    const entry = sums.get(key) ?? { group, phase, sum: 0, count: 0 };
    entry.sum += Math.log((clean.actual[row] ?? NaN) / (clean.estimate[row] ?? NaN));
    entry.count += 1;
    sums.set(key, entry);
  }
  return [...sums.values()].map(({ group, phase, sum, count }) => ({ group, phase, logFactor: sum / count }));
}

/**
 * The factor that would make the estimate of each group unbiased (in the median, for factors are near log-normal):
 * partial pooling of log factors, group to category to all, each level by empirical Bayes with variances by the method
 * of moments. By group; `null` without a phase.
 */
export function poolGroups(
  groups: readonly SampleGroup[],
  factors: readonly PhaseFactor[],
): readonly (PooledEstimate | null)[] {
  const own = groupMeans(groups, factors);
  const categories = [...new Set(groups.map(({ category }) => category))];
  const families = categories
    .map((category) =>
      own.flatMap((mean, group) => (mean && groups[group]?.category === category ? [mean] : [])),
    )
    .filter(({ length }) => length > 0);
  if (families.length === 0) return groups.map(() => null);
  const betweenGroups = betweenVariance(families);
  const categoryMeans = families.map((family) => commonMean(family, betweenGroups));
  const all = commonMean(categoryMeans, betweenVariance([categoryMeans]));
  const pooledOf = new Map(
    families.flatMap((family, index) => {
      const category = categoryMeans[index] ?? all;
      const pooled = shrink(category, all);
      const prior = { mean: pooled.mean, variance: pooled.variance, between: betweenGroups };
      return family.map((mean) => {
        const share = category.variance / (mean.variance + betweenGroups);
        const group = shrink(mean, prior);
        const ownWeight = group.ownWeight + (1 - group.ownWeight) * pooled.ownWeight * share;
        return [mean, { ...group, ownWeight }] as const;
      });
    }),
  );
  return own.map((mean) => {
    const pooled = mean === null ? undefined : pooledOf.get(mean);
    return mean === null || pooled === undefined ? null : describe(mean, pooled);
  });
}

/** Mean and variance by group; the variance within groups is common to all, for most have few phases. */
function groupMeans(
  groups: readonly SampleGroup[],
  factors: readonly PhaseFactor[],
): readonly (GroupMean | null)[] {
  const tallies = groups.map(() => ({ count: 0, sum: 0, squares: 0 }));
  for (const { group, logFactor } of factors) {
    const tally = tallies[group];
    if (tally === undefined) continue;
    tally.count += 1;
    tally.sum += logFactor;
    tally.squares += logFactor ** 2;
  }
  let [squares, freedom] = [0, 0];
  for (const { count, sum, squares: own } of tallies) {
    if (count < 2) continue;
    squares += own - sum ** 2 / count;
    freedom += count - 1;
  }
  const within = withinVariance(squares, freedom);
  return tallies.map(({ count, sum }) =>
    count === 0 ? null : { mean: sum / count, variance: within / count },
  );
}

/**
 * The variance of log factors within a kind. From few degrees of freedom it is uncertain itself: it is widened to that of
 * Student's t, so that normal intervals are about as wide as t's.
 */
function withinVariance(squares: number, freedom: number): number {
  // Next to nothing is known of the spread: a factor of 1.65 either way is taken for usual.
  if (freedom <= 2) return 0.25;
  return Math.max((squares / freedom) * (freedom / (freedom - 2)), leastDeviation ** 2);
}

function describe(own: GroupMean, pooled: GroupMean & { readonly ownWeight: number }): PooledEstimate {
  const { damping, mostChange } = calibrationRules;
  const deviation = Math.sqrt(pooled.variance);
  const step = Math.exp(damping * pooled.mean);
  return {
    ownFactor: Math.exp(own.mean),
    pooledFactor: Math.exp(pooled.mean),
    interval: {
      low: Math.exp(pooled.mean - normal95 * deviation),
      high: Math.exp(pooled.mean + normal95 * deviation),
    },
    ownWeight: pooled.ownWeight,
    confidence: (1 + errorFunction(Math.abs(pooled.mean) / deviation / Math.SQRT2)) / 2,
    stepFactor: Math.min(1 + mostChange, Math.max(1 - mostChange, step)),
  };
}
