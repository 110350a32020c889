import { BinomialDistribution } from './binomialDistribution.ts';
import type { Interval, OpenInterval } from './interval.ts';
import { sortPositive } from './radixSort.ts';
import { survivalDesign, SurvivalCurve, SurvivalQuantiles, type ClusteredColumn } from './survival.ts';

/** More steps than this cannot be seen on any screen. */
const mostSteps = 200;

/** One step of a survival curve. */
export interface DrawnStep {
  readonly value: number;
  /** Estimated P(larger than `value`), 0 to 1. */
  readonly survival: number;
  /** 95 %, over whole clusters. */
  readonly interval: Interval;
}

/** A survival curve in few steps, with quantiles by all of them, in the order of the probabilities. */
export interface DrawnSurvival {
  readonly steps: readonly DrawnStep[];
  /** `null` where the curve does not get there. */
  readonly quantiles: readonly (number | null)[];
  /** 95 %, over whole clusters; `null` where these are too few. The upper end is open where the curve tells none. */
  readonly intervals: readonly (OpenInterval | null)[];
}

/**
 * The curve of Kaplan and Meier for the eye: at most 200 steps or so, an even selection by known values; the last is among
 * them. The interval of a quantile is that of Brookmeyer and Crowley (1982, Biometrics 38): where the intervals of the curve
 * hold its share. It takes as many clusters as order statistics would: 72 for P95.
 *
 * `unresolved` are the values, ascending, from which on a censored value has no known one of its own kind beside it: what
 * lies beyond is known from other kinds only, which may be unlike it. Intervals are as much wider as if all of these values, or
 * none, were above (the bounds of Peterson 1976, PNAS 73, for the part that nothing tells of); withholding intervals instead
 * would leave those where chance hid the large values.
 */
export function drawnSurvival(
  known: ClusteredColumn,
  censored: ClusteredColumn,
  probabilities: readonly number[],
  unresolved: Float64Array = new Float64Array(0),
): DrawnSurvival {
  const design = survivalDesign(known, censored);
  const quantiles = new SurvivalQuantiles(probabilities);
  const shares = probabilities.map((probability) => 1 - probability);
  const lows = probabilities.map((): number | null => null);
  const highs = probabilities.map((): number | null => null);
  const steps: DrawnStep[] = [];
  const total = known.values.length + censored.values.length;
  const curve = new SurvivalCurve(known.values, censored.values);
  const mayReach = shares.map((share) => design.mayReach(share));
  let [seen, next] = [0, 0];
  // How many unresolved values are behind, and the sum of 1 / survival over them: the curve takes so much of them for above.
  let [beyond, kept, before] = [0, 0, 1];
  // How many of the intervals have begun, and how many have ended: those of larger shares do first.
  let [begun, ended] = [0, 0];
  while (curve.advance()) {
    quantiles.see(curve);
    const { value, survival, greenwood } = curve;
    for (; (unresolved[beyond] ?? Infinity) < value; beyond += 1) kept += 1 / before;
    before = survival;
    seen += curve.events;
    const below = (survival * kept) / total;
    const above = beyond / total - below;
    const isDrawn = seen >= next || seen >= known.values.length;
    // Of a million steps, few are near an end of an interval: the curve itself, which lies within, tells which.
    const mayBegin = begun < shares.length && (beyond > 0 || mayReach[begun]?.(survival, greenwood) === true);
    const mayEnd = ended < begun && survival + above < (shares[ended] ?? NaN);
    if (!isDrawn && !mayBegin && !mayEnd) continue;
    const own = design.interval(value, survival, greenwood);
    const interval = { low: Math.max(0, own.low - below), high: Math.min(1, own.high + above) };
    for (; interval.low <= (shares[begun] ?? NaN); begun += 1) lows[begun] = value;
    if (survival > 0) for (; interval.high < (shares[ended] ?? NaN); ended += 1) highs[ended] = value;
    if (!isDrawn) continue;
    next += known.values.length / mostSteps;
    steps.push({ value, survival, interval });
  }
  const intervals = probabilities.map((probability, index) => {
    const [low, high] = [lows[index] ?? null, highs[index] ?? null];
    return low === null || quantileRanks(design.clusters, probability) === null ? null : { low, high };
  });
  return { steps, quantiles: quantiles.values, intervals };
}

/** The largest known value of each kind that has one. */
export function largestByKind(values: Float64Array, kinds: Uint32Array): ReadonlyMap<number, number> {
  const largest = new Map<number, number>();
  for (const [row, kind] of kinds.entries())
    largest.set(kind, Math.max(values[row] ?? 0, largest.get(kind) ?? 0));
  return largest;
}

/**
 * For each censored value, by kind: from where on no known value of its kind is left. Within a kind, being cut off tells
 * nothing; across kinds it does, for each is cut off at another ratio.
 */
export function unresolvedFrom(
  censored: Float64Array,
  kinds: Uint32Array,
  largest: ReadonlyMap<number, number>,
): Float64Array {
  return sortPositive(censored.map((value, row) => Math.max(value, largest.get(kinds[row] ?? 0) ?? 0)));
}

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
