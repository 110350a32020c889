import type { Interval } from '../statistics/interval.ts';

/** A rate with its uncertainty. */
export interface RiskInterval {
  readonly count: number;
  readonly samples: number;
  /** Percent. */
  readonly ratePct: number;
  /** 95 %, in percent; samples of one phase count as repeats, not as independent. */
  readonly interval: Interval;
}
