import type { DrainResult } from './drainResult.ts';
import type { ZeroYield } from './zeroYield.ts';

/** Why there was no telemetry and what to do, in sentences; evidence that the error of the result tells already is left out. */
export function zeroYieldText({ evidence, advice }: ZeroYield, error: DrainResult['error']): string {
  if (evidence === error) return advice;
  return `${/[.!?]$/.test(evidence) ? evidence : `${evidence}.`} ${advice}`;
}
