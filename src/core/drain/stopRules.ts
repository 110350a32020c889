import type { DrainLedger } from './drainLedger.ts';
import type { DrainOptions } from './drainOptions.ts';
import type { DrainStop } from './drainSummary.ts';

/** Why no further phase is started, as far as the limits of the drain go; `null` to go on. `elapsedMs` is since its start. */
export function limitReached(
  ledger: DrainLedger,
  options: DrainOptions,
  elapsedMs: number,
): DrainStop | null {
  const count = ledger.results.length;
  if (count >= options.batchSize) {
    return { kind: 'batch-done', message: `The batch of ${options.batchSize} is done.`, complete: true };
  }
  const { maxTotalMinutes, maxConsecutiveZeroYield } = options;
  if (maxTotalMinutes !== null && elapsedMs >= maxTotalMinutes * 60_000) {
    return stopped('total-time', `The drain reached its limit of ${maxTotalMinutes} min.`);
  }
  if (maxConsecutiveZeroYield !== null && ledger.zeroYieldStreak >= maxConsecutiveZeroYield) {
    return stopped('zero-yield-streak', `${ledger.zeroYieldStreak} phases in a row gave no telemetry.`);
  }
  return null;
}

function stopped(kind: DrainStop['kind'], message: string): DrainStop {
  return { kind, message, complete: false };
}
