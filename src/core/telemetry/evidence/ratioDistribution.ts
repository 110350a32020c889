import type { Interval, OpenInterval } from '../statistics/interval.ts';

/** One quantile of actual / predicted, without and with what the truncated samples tell. */
export interface RatioQuantile {
  /** 0.5, 0.9 or 0.95. */
  readonly probability: number;
  /** Of the clean samples alone: too low where long answers were cut off. Of the same type as `censored`, see `SurvivalQuantiles`. */
  readonly plain: number;
  /** With truncated samples as lower bounds (Kaplan-Meier); `null` where the curve never gets there. */
  readonly censored: number | null;
  /** 95 % of `censored`, over whole phases; `null` where these are too few (P95 takes 72). */
  readonly interval: OpenInterval | null;
}

/** One step of the curve: the share of calls that need more than `ratio` times their prediction. */
export interface ExceedanceStep {
  readonly ratio: number;
  /** 0 to 1. */
  readonly exceeding: number;
  /** 95 %, over whole phases. */
  readonly interval: Interval;
}

/** How actual / predicted is distributed. */
export interface RatioDistribution {
  /** Clean samples. */
  readonly samples: number;
  /** Truncated ones, which count as at least what they reached. */
  readonly truncated: number;
  readonly quantiles: readonly RatioQuantile[];
  /** Kaplan-Meier, by rising ratio; at most 200 steps, an even selection of more. Begins at 1 exceeding, left out. */
  readonly curve: readonly ExceedanceStep[];
  /** The largest ratio seen, truncated ones included: where the curve ends. */
  readonly largest: number;
}
