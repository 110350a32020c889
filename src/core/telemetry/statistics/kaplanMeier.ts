/** The curve from one value on, up to the next step. */
export class SurvivalStep {
  value = NaN;
  /** How many were not below `value`, and how many of them were exactly there and known. */
  atRisk = 0;
  events = 0;
  /** Estimated P(larger than `value`), 0 to 1. */
  survival = 1;
  /** Greenwood's sum: the variance of log(survival). */
  greenwood = 0;
}

/**
 * The product-limit estimate of Kaplan and Meier (1958, JASA 53), one step for each known value, ascending. `censored`
 * holds the values that are only known to be at least so large; both arrays are sorted ascending. At ties known values
 * come before censored ones. Censoring must tell nothing about the value beyond its bound. The step that `onStep` gets is
 * one object, changed from step to step, for there may be millions.
 */
export function kaplanMeier(
  known: Float64Array,
  censored: Float64Array,
  onStep: (step: SurvivalStep) => void,
): void {
  const step = new SurvivalStep();
  let below = 0;
  for (let at = 0; at < known.length;) {
    const value = known[at] ?? NaN;
    while ((censored[below] ?? Infinity) < value) below += 1;
    const atRisk = known.length - at + censored.length - below;
    let events = 0;
    for (; known[at] === value; at += 1) events += 1;
    step.value = value;
    step.atRisk = atRisk;
    step.events = events;
    step.survival *= (atRisk - events) / atRisk;
    step.greenwood += events / (atRisk * (atRisk - events));
    onStep(step);
  }
}
