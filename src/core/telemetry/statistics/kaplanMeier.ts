/** A step of a survival curve. */
export interface SurvivalStep {
  readonly value: number;
  /** How many were not below `value`, and how many of them were exactly there and known. */
  readonly atRisk: number;
  readonly events: number;
  /** Estimated P(larger than `value`), 0 to 1. */
  readonly survival: number;
  /** Greenwood's sum: the variance of log(survival). */
  readonly greenwood: number;
}

/**
 * The product-limit estimate of Kaplan and Meier (1958, JASA 53), one step for each known value, ascending. `censored`
 * holds the values that are only known to be at least so large; both arrays are sorted ascending. At ties known values
 * come before censored ones. Censoring must tell nothing about the value beyond its bound. The curve itself is the step
 * that it stands at, for there may be millions; it begins before the first.
 */
export class SurvivalCurve implements SurvivalStep {
  value = NaN;
  atRisk = 0;
  events = 0;
  survival = 1;
  greenwood = 0;
  readonly #known: Float64Array;
  readonly #censored: Float64Array;
  /** How many values of each are behind. */
  #at = 0;
  #below = 0;

  constructor(known: Float64Array, censored: Float64Array) {
    this.#known = known;
    this.#censored = censored;
  }

  /** Goes to the next step; says `false` where there is none. */
  advance(): boolean {
    const known = this.#known;
    const censored = this.#censored;
    const from = this.#at;
    if (from >= known.length) return false;
    const value = known[from] ?? NaN;
    let below = this.#below;
    while (below < censored.length && (censored[below] ?? NaN) < value) below += 1;
    this.#below = below;
    let at = from + 1;
    while (at < known.length && known[at] === value) at += 1;
    this.#at = at;
    const atRisk = known.length - from + censored.length - below;
    const events = at - from;
    this.value = value;
    this.atRisk = atRisk;
    this.events = events;
    this.survival *= (atRisk - events) / atRisk;
    this.greenwood += events / (atRisk * (atRisk - events));
    return true;
  }
}
