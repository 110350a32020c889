import type { SurvivalStep } from './kaplanMeier.ts';

/** A share such as 1 - 0.9 is a rounded number: the curve may stand on it and yet compare as beside it. */
const rounding = 1e-12;

/**
 * Quantiles of a survival curve: the first value that at most `1 - probability` exceed; where the curve runs level at just
 * that share, the middle of the level stretch (as R's survfit; Klein and Moeschberger, Survival Analysis, 4.5). Without
 * censored values that is type 2 of Hyndman and Fan, and for the median the usual one.
 */
export class SurvivalQuantiles {
  readonly #probabilities: readonly number[];
  readonly #found: (number | null)[];
  /** How many are found for good: all before the first that is not, or that is where the curve runs level. */
  #settled = 0;

  /** `probabilities` ascend. */
  constructor(probabilities: readonly number[]) {
    this.#probabilities = probabilities;
    this.#found = probabilities.map(() => null);
  }

  /** Takes in the next step of the curve. */
  see({ value, survival }: SurvivalStep): void {
    while (this.#settled < this.#found.length) {
      const index = this.#settled;
      const begin = this.#found[index] ?? null;
      if (begin === null) {
        const above = survival - (1 - (this.#probabilities[index] ?? 1));
        if (above > rounding) return;
        this.#found[index] = value;
        // The next step ends the level stretch.
        if (above >= -rounding) return;
      } else {
        this.#found[index] = (begin + value) / 2;
      }
      this.#settled += 1;
    }
  }

  /** In the order of the probabilities; `null` where the curve did not get there. */
  get values(): readonly (number | null)[] {
    return this.#found;
  }
}

/** The same of values (ascending) of which none is censored; NaN without one. */
export function plainQuantile(sorted: Float64Array, probability: number): number {
  const place = sorted.length * probability;
  const whole = Math.round(place);
  if (Math.abs(place - whole) > rounding * sorted.length) return sorted[Math.ceil(place) - 1] ?? NaN;
  const [value = NaN, next = value] = [sorted[whole - 1] ?? sorted[0], sorted[whole]];
  return (value + next) / 2;
}
