/** A two-sided confidence interval, in the unit of its figure; 95 % where nothing else is said. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** The same where the upper end may be open: `null` if what was seen tells none. */
export interface OpenInterval {
  readonly low: number;
  readonly high: number | null;
}

/** The 97.5 % point of the standard normal distribution, by which a two-sided 95 % interval reaches out. */
export const normal95 = 1.959963984540054;

/**
 * The same of Student's t with these degrees of freedom, by the expansion of Cornish and Fisher (Abramowitz and Stegun,
 * 26.7.5): good to 1 % from 4 on, and wider than any use with fewer.
 */
export function student95(freedom: number): number {
  const z = normal95;
  const f = Math.max(1, freedom);
  return (
    z +
    (z ** 3 + z) / (4 * f) +
    (5 * z ** 5 + 16 * z ** 3 + 3 * z) / (96 * f ** 2) +
    (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / (384 * f ** 3)
  );
}
