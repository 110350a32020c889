import { keyOf } from './candidate.ts';
import type { DrainResult } from './drainResult.ts';

/** How many executions of a drain ended how. Each is succeeded, failed, cancelled or interrupted. */
export interface OutcomeCounts {
  readonly processed: number;
  readonly succeeded: number;
  readonly failed: number;
  /** Some of the failed, as a rule. */
  readonly timedOut: number;
  /** Cut short by a person: that says nothing about the phase. */
  readonly cancelled: number;
  /** Cut short by the death of the drain. */
  readonly interrupted: number;
}

type Ended = Pick<DrainResult, 'success' | 'outcome'>;

/** Counts how executions ended. */
export function countOutcomes(results: readonly Ended[]): OutcomeCounts {
  const count = (is: (result: Ended) => boolean): number => results.filter(is).length;
  return {
    processed: results.length,
    succeeded: count(({ success }) => success),
    failed: count(isFailure),
    timedOut: count(({ outcome }) => outcome === 'timed-out'),
    cancelled: count(({ success, outcome }) => !success && outcome === 'cancelled'),
    interrupted: count(({ success, outcome }) => !success && outcome === 'interrupted'),
  };
}

/** Whether an execution came to its end, but its phase is not COMPLETE. */
export function isFailure({ success, outcome }: Ended): boolean {
  return !success && outcome !== 'cancelled' && outcome !== 'interrupted';
}

/** The last result of each phase: what was tried again, or taken up again, counts as it ended. */
export function lastResults(results: readonly DrainResult[]): DrainResult[] {
  return [...new Map(results.map((result) => [keyOf(result), result])).values()];
}
