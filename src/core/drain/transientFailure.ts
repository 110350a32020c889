import type { DrainResult } from './drainResult.ts';
import { failureKindOf } from './failureKind.ts';

/** The part of a failure's error that shows it may pass by itself; `null` for any other failure, and for a success. */
export function transientEvidence({ outcome, error }: Pick<DrainResult, 'outcome' | 'error'>): string | null {
  if (outcome !== 'exited' || error === null) return null;
  const kind = failureKindOf(error);
  return kind?.treatment === 'retry' ? kind.evidence : null;
}

/** The longest pause before a retry, in ms. */
const longestPauseMs = 120_000;

/** How long to wait before the `n`th retry in a row (1 for the first), in ms. */
export function retryPauseMs(retryDelaySeconds: number, n: number): number {
  return Math.min(retryDelaySeconds * 1000 * 4 ** (n - 1), longestPauseMs);
}
