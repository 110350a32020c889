import type { DrainLedger, EnvironmentStreak } from './drainLedger.ts';
import type { DrainOptions } from './drainOptions.ts';
import type { DrainStop } from './drainSummary.ts';
import { counted } from '../text/quantities.ts';
import { environmentFailures } from './environmentFailure.ts';

/**
 * Why no further phase is started, as far as the limits of the drain go; `null` to go on. `elapsedMs` is how long it was
 * at work. `isTrial` after it was resumed from a streak of failures: one phase then shows whether the cause is repaired.
 */
export function limitReached(
  ledger: DrainLedger,
  options: DrainOptions,
  elapsedMs: number,
  isTrial = false,
): DrainStop | null {
  if (ledger.taken >= options.batchSize) {
    return { kind: 'batch-done', message: `The batch of ${options.batchSize} is done.`, complete: true };
  }
  const { maxTotalMinutes, maxTokens, maxConsecutiveZeroYield, maxSameFailureRuns } = options;
  if (maxTotalMinutes !== null && elapsedMs >= maxTotalMinutes * 60_000) {
    return stopped('total-time', `The drain reached its limit of ${maxTotalMinutes} min.`);
  }
  const { tokens } = ledger;
  if (maxTokens !== null && tokens >= maxTokens) {
    return stopped('token-budget', `The drain used ${tokens} tokens of its budget of ${maxTokens}.`);
  }
  if (isTrial) return null;
  const { sameFailure, environment } = ledger;
  // What had no chance does not count towards the batch, but nobody who asks for one execution wants two.
  const isLast = environment !== null && ledger.taken + environment.count >= options.batchSize;
  if (environment !== null && (isLast || environment.count >= environmentFailures)) {
    return environmentStop(environment);
  }
  if (maxSameFailureRuns !== null && sameFailure !== null && sameFailure.runs.size >= maxSameFailureRuns) {
    const failed = counted(sameFailure.runs.size, 'run');
    return stopped('same-failure', `${failed} in a row failed for the same reason.`);
  }
  if (maxConsecutiveZeroYield !== null && ledger.zeroYieldStreak >= maxConsecutiveZeroYield) {
    return stopped('zero-yield-streak', `${ledger.zeroYieldStreak} phases in a row gave no telemetry.`);
  }
  return null;
}

function environmentStop({ runs, count, evidence }: EnvironmentStreak): DrainStop {
  const what =
    runs.size > 1
      ? `${runs.size} runs in a row failed for a cause outside their phases`
      : count > 1
        ? `${count} executions in a row failed for a cause outside their phases`
        : 'A phase failed for a cause outside it';
  return stopped('environment', `${what}: ${evidence}`);
}

function stopped(kind: DrainStop['kind'], message: string): DrainStop {
  return { kind, message, complete: false };
}
