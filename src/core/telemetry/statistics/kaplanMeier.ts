import { type Interval, normal95 } from './interval.ts';

/** A value that is known, or only known to be at least this large. */
export interface Observation {
  readonly value: number;
  readonly censored: boolean;
}

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
 * The product-limit estimate of Kaplan and Meier (1958, JASA 53) for right-censored values, one step for each known
 * value, ascending. At ties known values come before censored ones. Censoring must tell nothing about the value beyond
 * its bound.
 */
export function kaplanMeier(observations: readonly Observation[]): readonly SurvivalStep[] {
  const sorted = [...observations].sort((a, b) => a.value - b.value);
  const steps: SurvivalStep[] = [];
  let [survival, greenwood] = [1, 0];
  for (let at = 0; at < sorted.length;) {
    const value = sorted[at]?.value ?? NaN;
    const atRisk = sorted.length - at;
    let events = 0;
    for (; sorted[at]?.value === value; at += 1) if (sorted[at]?.censored === false) events += 1;
    if (events === 0) continue;
    survival *= (atRisk - events) / atRisk;
    greenwood += events / (atRisk * (atRisk - events));
    steps.push({ value, atRisk, events, survival, interval: logLogInterval(survival, greenwood) });
  }
  return steps;
}

/** The smallest value that at most `1 - probability` exceed; `null` where the last values are censored and none is known. */
export function survivalQuantile(steps: readonly SurvivalStep[], probability: number): number | null {
  // A share such as 1 - 0.9 is a rounded number: the curve may stand on it and yet compare as above.
  return steps.find(({ survival }) => survival <= 1 - probability + 1e-12)?.value ?? null;
}

function logLogInterval(survival: number, greenwood: number): Interval {
  if (survival <= 0) return { low: 0, high: 0 };
  const reach = (normal95 * Math.sqrt(greenwood)) / Math.log(survival);
  return { low: survival ** Math.exp(-reach), high: survival ** Math.exp(reach) };
}
