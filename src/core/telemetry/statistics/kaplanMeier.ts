import { type Interval, normal95 } from './interval.ts';

/** The curve from one value on, up to the next step. */
export class SurvivalStep {
  readonly value: number;
  /** How many were not below `value`, and how many of them were exactly there and known. */
  readonly atRisk: number;
  readonly events: number;
  /** Estimated P(larger than `value`), 0 to 1. */
  readonly survival: number;
  readonly #greenwood: number;

  constructor(value: number, atRisk: number, events: number, survival: number, greenwood: number) {
    this.value = value;
    this.atRisk = atRisk;
    this.events = events;
    this.survival = survival;
    this.#greenwood = greenwood;
  }

  /** 95 %: Greenwood's variance on the log(-log) scale, as Kalbfleisch and Prentice advise; it stays within 0 to 1. */
  get interval(): Interval {
    const { survival } = this;
    if (survival <= 0) return { low: 0, high: 0 };
    const reach = (normal95 * Math.sqrt(this.#greenwood)) / Math.log(survival);
    return { low: survival ** Math.exp(-reach), high: survival ** Math.exp(reach) };
  }
}

/**
 * The product-limit estimate of Kaplan and Meier (1958, JASA 53), one step for each known value, ascending. `censored`
 * holds the values that are only known to be at least so large; both arrays are sorted ascending. At ties known values
 * come before censored ones. Censoring must tell nothing about the value beyond its bound.
 */
export function* kaplanMeier(
  known: Float64Array,
  censored: Float64Array,
): Generator<SurvivalStep, void, undefined> {
  let [survival, greenwood, below] = [1, 0, 0];
  for (let at = 0; at < known.length;) {
    const value = known[at] ?? NaN;
    while ((censored[below] ?? Infinity) < value) below += 1;
    const atRisk = known.length - at + censored.length - below;
    let events = 0;
    for (; known[at] === value; at += 1) events += 1;
    survival *= (atRisk - events) / atRisk;
    greenwood += events / (atRisk * (atRisk - events));
    yield new SurvivalStep(value, atRisk, events, survival, greenwood);
  }
}
