/** Where a process is known to stand while nothing has changed. */
export interface CusumReference {
  readonly mean: number;
  /** Standard deviation, above 0. */
  readonly deviation: number;
}

/** The first crossing of the limit. */
export interface CusumAlarm {
  readonly direction: 'up' | 'down';
  /** Index of the value that crossed it. */
  readonly at: number;
  /** Index of the first value since the sum was last zero: the likely beginning of the change. */
  readonly since: number;
}

/** By what a sum is held back and judged, in standard deviations. */
export interface CusumDesign {
  /** What a value must be off by, or the sum falls. */
  readonly allowance: number;
  readonly limit: number;
}

const usual: CusumDesign = { allowance: 0.5, limit: 5 };

/**
 * The design for a series of known length, so that a false alarm anywhere in it has a chance of about 5 %, where the usual
 * one raises one in every 465 values. The limit is by Siegmund's approximation of the run length (1985, Sequential
 * Analysis; Montgomery 9.6), exp(limit + 1.166) for both directions; the allowance is larger by the standard error of a
 * mean that is itself estimated from `reference` values. By simulation 3 to 7 %, from 10 values on.
 */
export function cusumDesign(length: number, reference: number): CusumDesign {
  return {
    allowance: usual.allowance + 1 / Math.sqrt(reference),
    limit: Math.max(usual.limit, Math.log(20 * length) - 1.166),
  };
}

/**
 * The tabular CUSUM (Page 1954; Montgomery, Introduction to Statistical Quality Control, 9.1) with the usual allowance of
 * half a deviation and a limit of five: it finds a lasting shift of one deviation in about 10 values, and raises a false
 * alarm about once in 465. `null` where the limit is not crossed.
 */
export function cusum(
  values: ArrayLike<number>,
  { mean, deviation }: CusumReference,
  design: CusumDesign = usual,
): CusumAlarm | null {
  const sums = { up: 0, down: 0 };
  const since = { up: 0, down: 0 };
  for (let at = 0; at < values.length; at += 1) {
    const standing = ((values[at] ?? NaN) - mean) / deviation;
    for (const direction of ['up', 'down'] as const) {
      const step = (direction === 'up' ? standing : -standing) - design.allowance;
      if (sums[direction] === 0) since[direction] = at;
      sums[direction] = Math.max(0, sums[direction] + step);
      if (sums[direction] > design.limit) return { direction, at, since: since[direction] };
    }
  }
  return null;
}
