/** A two-sided confidence interval, in the unit of its figure; 95 % where nothing else is said. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** The 97.5 % point of the standard normal distribution, by which a two-sided 95 % interval reaches out. */
export const normal95 = 1.959963984540054;
