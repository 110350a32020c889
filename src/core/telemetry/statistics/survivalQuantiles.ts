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
  /** Found where the curve runs level: the stretch ends with the next step. */
  readonly #isOpen: boolean[];

  constructor(probabilities: readonly number[]) {
    this.#probabilities = probabilities;
    this.#found = probabilities.map(() => null);
    this.#isOpen = probabilities.map(() => false);
  }

  /** Takes in the next step of the curve. */
  see({ value, survival }: SurvivalStep): void {
    for (const [index, probability] of this.#probabilities.entries()) {
      const begin = this.#found[index] ?? null;
      if (begin === null) {
        const above = survival - (1 - probability);
        if (above > rounding) continue;
        this.#found[index] = value;
        this.#isOpen[index] = above >= -rounding;
      } else if (this.#isOpen[index] === true) {
        this.#found[index] = (begin + value) / 2;
        this.#isOpen[index] = false;
      }
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
