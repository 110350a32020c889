import type { Interval } from './interval.ts';
import { kaplanMeier } from './kaplanMeier.ts';
import { SurvivalQuantiles } from './survivalQuantiles.ts';

/** More steps than this cannot be seen on any screen. */
const mostSteps = 200;

/** One step of a survival curve. */
export interface DrawnStep {
  readonly value: number;
  /** Estimated P(larger than `value`), 0 to 1. */
  readonly survival: number;
  /** 95 %. */
  readonly interval: Interval;
}

/** A survival curve in few steps, with quantiles by all of them, in the order of the probabilities. */
export interface DrawnSurvival {
  readonly steps: readonly DrawnStep[];
  /** `null` where the curve does not get there. */
  readonly quantiles: readonly (number | null)[];
}

/**
 * The curve of Kaplan and Meier for the eye: at most 200 steps or so, an even selection by known values; the last is among
 * them. Both arrays are sorted ascending.
 */
export function drawnSurvival(
  known: Float64Array,
  censored: Float64Array,
  probabilities: readonly number[],
): DrawnSurvival {
  const quantiles = new SurvivalQuantiles(probabilities);
  const steps: DrawnStep[] = [];
  let [seen, next] = [0, 0];
  kaplanMeier(known, censored, (step) => {
    quantiles.see(step);
    seen += step.events;
    if (seen < next && seen < known.length) return;
    next += known.length / mostSteps;
    steps.push({ value: step.value, survival: step.survival, interval: step.interval });
  });
  return { steps, quantiles: quantiles.values };
}
