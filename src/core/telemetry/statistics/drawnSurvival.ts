import { type ClusteredColumn, survivalDesign } from './clusteredSurvival.ts';
import type { Interval } from './interval.ts';
import { kaplanMeier } from './kaplanMeier.ts';
import { quantileRanks } from './quantileInterval.ts';
import { SurvivalQuantiles } from './survivalQuantiles.ts';

/** More steps than this cannot be seen on any screen. */
const mostSteps = 200;

/** The most that unresolved values may be, as a share of all that are above. By simulation, see test/bench. */
const mostUnresolved = 0.15;

/** One step of a survival curve. */
export interface DrawnStep {
  readonly value: number;
  /** Estimated P(larger than `value`), 0 to 1. */
  readonly survival: number;
  /** 95 %, over whole clusters; `null` where the unresolved values make it dishonest. */
  readonly interval: Interval | null;
}

/** A survival curve in few steps, with quantiles by all of them, in the order of the probabilities. */
export interface DrawnSurvival {
  readonly steps: readonly DrawnStep[];
  /** `null` where the curve does not get there. */
  readonly quantiles: readonly (number | null)[];
  /** 95 %, over whole clusters; `null` where these are too few, or the curve does not tell an upper end. */
  readonly intervals: readonly (Interval | null)[];
}

/**
 * The curve of Kaplan and Meier for the eye: at most 200 steps or so, an even selection by known values; the last is among
 * them. The interval of a quantile is that of Brookmeyer and Crowley (1982, Biometrics 38): where the intervals of the curve
 * hold its share. It takes as many clusters as order statistics would: 72 for P95.
 *
 * `unresolved` are the values, ascending, from which on a censored value has no known one of its own kind beside it: what
 * lies beyond is then told by other kinds only, and the curve may be off by as much as their share. No interval is given
 * where they would be a noticeable part of what the curve says is above.
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
  let [seen, next, beyond] = [0, 0, 0];
  let isTold = true;
  kaplanMeier(known.values, censored.values, (step) => {
    quantiles.see(step);
    const { value, survival, greenwood } = step;
    seen += step.events;
    const isDrawn = seen >= next || seen >= known.values.length;
    // Of a million steps, few are near an end of an interval: the curve itself, which lies within, tells which.
    let mayEnd = false;
    for (let index = 0; index < shares.length; index += 1) {
      const share = shares[index] ?? NaN;
      if (lows[index] === null) mayEnd ||= design.mayReach(survival, greenwood, share);
      else if (highs[index] === null) mayEnd ||= survival < share;
    }
    if (!isDrawn && !mayEnd) return;
    const interval = design.interval(value, survival, greenwood);
    while ((unresolved[beyond] ?? Infinity) < value) beyond += 1;
    isTold &&= beyond / total <= mostUnresolved * survival;
    for (const [index, share] of shares.entries()) {
      if (interval.low <= share) lows[index] ??= value;
      if (isTold && interval.high < share && survival > 0) highs[index] ??= value;
    }
    if (!isDrawn) return;
    next += known.values.length / mostSteps;
    steps.push({ value, survival, interval: isTold ? interval : null });
  });
  const intervals = probabilities.map((probability, index) => {
    const [low, high] = [lows[index] ?? null, highs[index] ?? null];
    if (low === null || high === null || quantileRanks(design.clusters, probability) === null) return null;
    return { low, high };
  });
  return { steps, quantiles: quantiles.values, intervals };
}

/**
 * For each censored value, by kind: from where on no known value of its kind is left. Within a kind, being cut off tells
 * nothing; across kinds it does, for each is cut off at another ratio.
 */
export function unresolvedFrom(
  known: Float64Array,
  knownKinds: Uint32Array,
  censored: Float64Array,
  censoredKinds: Uint32Array,
): Float64Array {
  const largest: number[] = [];
  for (const [row, kind] of knownKinds.entries()) largest[kind] = known[row] ?? 0;
  return censored.map((value, row) => Math.max(value, largest[censoredKinds[row] ?? 0] ?? 0)).sort();
}
