import type { DrainResult } from './drainResult.ts';
import type { ZeroYield } from './zeroYield.ts';

/** Why there was no telemetry and what to do, in sentences; evidence that the error of the result tells already is left out. */
export function zeroYieldText({ evidence, advice }: ZeroYield, error: DrainResult['error']): string {
  // The one is read from the output, the other perhaps from the database, with more around it.
  if (error !== null && plain(error).includes(plain(evidence))) return advice;
  return `${/[.!?]$/.test(evidence) ? evidence : `${evidence}.`} ${advice}`;
}

function plain(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/\s+/g, ' ')
    .trim()
    .replace(/(?<![.!?…])[.!?…]+$/, '');
}
