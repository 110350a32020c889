import { type Interval, normal95 } from './interval.ts';

/** The curve from one value on, up to the next step. */
export interface SurvivalStep {
  readonly value: number;
  /** How many were not below `value`, and how many of them were exactly there and known. */
  readonly atRisk: number;
  readonly events: number;
  /** Estimated P(larger than `value`), 0 to 1. */
  readonly survival: number;
  /** 95 %: Greenwood's variance on the log(-log) scale, as Kalbfleisch and Prentice advise; it stays within 0 to 1. */
  readonly interval: Interval;
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
    yield { value, atRisk, events, survival, interval: logLogInterval(survival, greenwood) };
  }
}

/** Whether at most `1 - probability` exceed the value of this step: the first such value is the quantile. */
export function reachesQuantile({ survival }: SurvivalStep, probability: number): boolean {
  // A share such as 1 - 0.9 is a rounded number: the curve may stand on it and yet compare as above.
  return survival <= 1 - probability + 1e-12;
}

function logLogInterval(survival: number, greenwood: number): Interval {
  if (survival <= 0) return { low: 0, high: 0 };
  const reach = (normal95 * Math.sqrt(greenwood)) / Math.log(survival);
  return { low: survival ** Math.exp(-reach), high: survival ** Math.exp(reach) };
}
