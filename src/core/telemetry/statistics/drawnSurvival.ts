import { type ClusteredColumn, survivalDesign } from './clusteredSurvival.ts';
import type { Interval } from './interval.ts';
import { kaplanMeier } from './kaplanMeier.ts';
import { quantileRanks } from './quantileInterval.ts';
import { SurvivalQuantiles } from './survivalQuantiles.ts';

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
  /** 95 %, over whole clusters; `null` where these are too few, or the curve does not tell an upper end. */
  readonly intervals: readonly (Interval | null)[];
}

/**
 * The curve of Kaplan and Meier for the eye: at most 200 steps or so, an even selection by known values; the last is among
 * them. The interval of a quantile is that of Brookmeyer and Crowley (1982, Biometrics 38): where the intervals of the curve
 * hold its share. It takes as many clusters as order statistics would: 72 for P95.
 */
export function drawnSurvival(
  known: ClusteredColumn,
  censored: ClusteredColumn,
  probabilities: readonly number[],
): DrawnSurvival {
  const design = survivalDesign(known, censored);
  const quantiles = new SurvivalQuantiles(probabilities);
  const shares = probabilities.map((probability) => 1 - probability);
  const lows = probabilities.map((): number | null => null);
  const highs = probabilities.map((): number | null => null);
  const steps: DrawnStep[] = [];
  let [seen, next] = [0, 0];
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
    for (const [index, share] of shares.entries()) {
      if (interval.low <= share) lows[index] ??= value;
      if (interval.high < share && survival > 0) highs[index] ??= value;
    }
    if (!isDrawn) return;
    next += known.values.length / mostSteps;
    steps.push({ value, survival, interval });
  });
  const intervals = probabilities.map((probability, index) => {
    const [low, high] = [lows[index] ?? null, highs[index] ?? null];
    if (low === null || high === null || quantileRanks(design.clusters, probability) === null) return null;
    return { low, high };
  });
  return { steps, quantiles: quantiles.values, intervals };
}
