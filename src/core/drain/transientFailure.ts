import type { DrainResult } from './drainResult.ts';

/**
 * Failures that pass by themselves, in the words of model services, of their clients and of SQLite. Bare numbers are
 * only taken where they are called a status, and names of tests about such failures are not meant.
 */
const transient = [
  /\brate limit(?:ed|s)?\b|\brate_limit_error\b|\bRateLimitError\b|\btoo many requests\b/i,
  /\boverloaded(?:_error|Error)?\b|\bservice (?:is )?(?:temporarily )?unavailable\b|\bServiceUnavailableError\b/i,
  /\b(?:HTTP|status(?: code)?|error code)\W{0,4}(?:429|502|503|504|529)\b/i,
  /\bE(?:CONNRESET|CONNREFUSED|CONNABORTED|TIMEDOUT|AI_AGAIN|PIPE)\b|\bAPIConnectionError\b/,
  /\bconnection (?:was )?(?:reset|refused|aborted|closed)\b|\btemporary failure in name resolution\b/i,
  /\bdatabase (?:table )?is locked\b|\bSQLITE_BUSY\b/i,
];

/** The part of a failure's error that shows it may pass by itself; `null` for any other failure, and for a success. */
export function transientEvidence({ outcome, error }: Pick<DrainResult, 'outcome' | 'error'>): string | null {
  if (outcome !== 'exited' || error === null) return null;
  for (const pattern of transient) {
    const [found] = pattern.exec(error) ?? [];
    if (found !== undefined) return found;
  }
  return null;
}

/** The longest pause before a retry, in ms. */
const longestPauseMs = 120_000;

/** How long to wait before the `n`th retry in a row (1 for the first), in ms. */
export function retryPauseMs(retryDelaySeconds: number, n: number): number {
  return Math.min(retryDelaySeconds * 1000 * 4 ** (n - 1), longestPauseMs);
}
