import { errorFunction } from 'simple-statistics';
import type { SampleGroup } from '../evidence/evidenceSamples.ts';
import { normal95 } from '../statistics/interval.ts';
import {
  censoredMeans,
  betweenVariance,
  commonMean,
  shrink,
  type GroupValue,
  type GroupMean,
} from '../statistics/partialPooling.ts';
import type { CalibrationEvidence } from './calibrationEvidence.ts';
import type { PooledEstimate } from './calibrationProposal.ts';
import { calibrationRules } from './calibrationRules.ts';

/** All samples of one phase of one kind: the mean of log(actual / estimate). One such number counts once. */
export interface PhaseFactor extends GroupValue {
  readonly phase: number;
}

/** One number for each phase, since its samples depend on each other; with a call that was cut off, it is a lower bound. */
export function phaseFactors({ clean, truncated, groups }: CalibrationEvidence): readonly PhaseFactor[] {
  const sums = new Map<number, PhaseFactor & { sum: number; count: number; censored: boolean }>();
  for (const rows of [clean, truncated]) {
    for (const [row, group] of rows.group.entries()) {
      const phase = rows.phase[row] ?? 0;
      const key = phase * groups.length + group;
      const entry = sums.get(key) ?? { group, phase, value: 0, sum: 0, count: 0, censored: false };
      entry.sum += Math.log((rows.actual[row] ?? NaN) / (rows.estimate[row] ?? NaN));
      entry.count += 1;
      entry.censored ||= rows === truncated;
      sums.set(key, entry);
    }
  }
  return Array.from(sums.values(), ({ group, phase, sum, count, censored }) => ({
    group,
    phase,
    value: sum / count,
    censored,
  }));
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
  const own = censoredMeans(groups.length, factors);
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

/**
 * How much wider than its variance the interval of a shrunken mean is, by its distance from what the group says itself: the
 * spread between kinds is estimated too, from few of them (Morris 1983, JASA 78). By simulation, see test/bench.
 */
const spreadDoubt = 1.5;

function describe(own: GroupMean, pooled: GroupMean & { readonly ownWeight: number }): PooledEstimate {
  const { mostChange } = calibrationRules;
  const deviation = Math.sqrt(pooled.variance + spreadDoubt * (own.mean - pooled.mean) ** 2);
  return {
    ownFactor: Math.exp(own.mean),
    pooledFactor: Math.exp(pooled.mean),
    interval: {
      low: Math.exp(pooled.mean - normal95 * deviation),
      high: Math.exp(pooled.mean + normal95 * deviation),
    },
    ownWeight: pooled.ownWeight,
    confidence: (1 + errorFunction(Math.abs(pooled.mean) / deviation / Math.SQRT2)) / 2,
    // Other kinds may not talk down what a kind's own phases say: with few of them it would be the kind that falls short.
    stepFactor: Math.min(1 + mostChange, Math.max(1 - mostChange, Math.exp(Math.max(own.mean, pooled.mean)))),
  };
}
