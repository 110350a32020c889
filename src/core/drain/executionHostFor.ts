import type { ExecutionHost, PhaseLedgerPort } from '../model/executionHost.ts';
import { totalCost } from '../model/modelCall.ts';
import type { PhaseKey } from '../model/phase.ts';
import type { DrainLedger } from './drainLedger.ts';
import type { DrainOptions } from './drainOptions.ts';
import type { DrainPorts } from './drainPorts.ts';
import type { DrainListener } from './drainProgress.ts';
import { isTransient, UserFacingError } from '../errors.ts';
import type { ClockPort } from '../ports.ts';
import { t } from '../text/l10n.ts';
import { busyTimeoutMs, cancelledTimeoutMs, retryTransient } from './retryTransient.ts';

/**
 * What an executor may ask of the drain while it works on a phase, and what is left of the drain's budgets. The signal ends
 * the execution.
 */
export function executionHostFor(
  key: PhaseKey,
  { store, clock, person = null }: Pick<DrainPorts, 'store' | 'clock' | 'person'>,
  { maxTokens, maxCost }: Pick<DrainOptions, 'maxTokens' | 'maxCost'>,
  { tokens, spend }: Pick<DrainLedger, 'tokens' | 'spend'>,
  notify: DrainListener,
  signal: AbortSignal,
): ExecutionHost {
  return {
    ledger: retryingLedger(store, clock, signal),
    report: (activity) => notify({ kind: 'phase-progress', key, activity }),
    person,
    budget: {
      tokens: maxTokens === null ? null : Math.max(0, maxTokens - tokens),
      cost: maxCost === null ? null : Math.max(0, maxCost - totalCost(spend.cost)),
    },
  };
}

/**
 * A ledger that rides out locks and lost connections, for as long as {@link busyTimeoutMs}: what a phase has used is paid
 * for. Only what surely was not written is written again. Once the signal has fired nothing more is claimed, and what was
 * done is settled within {@link cancelledTimeoutMs}.
 */
export function retryingLedger(
  ledger: PhaseLedgerPort,
  clock: ClockPort,
  signal: AbortSignal,
): PhaseLedgerPort {
  async function retry<T>(
    what: keyof typeof problems,
    key: PhaseKey,
    step: () => Promise<T>,
    endMs: number,
  ): Promise<T> {
    const begunAt = clock.now();
    let cancelledAt: number | null = null;
    const deadline = (): number => {
      if (signal.aborted) cancelledAt ??= clock.now();
      return Math.min(begunAt + busyTimeoutMs, (cancelledAt ?? Infinity) + endMs);
    };
    try {
      return await retryTransient(step, clock, deadline);
    } catch (error) {
      throw isTransient(error) ? givenUp(what, key, clock.now() - begunAt, error) : error;
    }
  }
  return {
    claim: (key) => retry('claimed', key, () => ledger.claim(key), 0),
    holds: (claim) => retry('held', claim, () => ledger.holds(claim), cancelledTimeoutMs),
    settle: (claim, settlement) =>
      retry('settled', claim, () => ledger.settle(claim, settlement), cancelledTimeoutMs),
  };
}

/** What could not be done to a phase of a run within so many seconds. */
const problems = {
  claimed: (phase: string, run: string, seconds: number) =>
    t`${phase} of ${run} could not be claimed within ${seconds} s:`,
  held: (phase: string, run: string, seconds: number) =>
    t`${phase} of ${run} could not be looked up within ${seconds} s:`,
  settled: (phase: string, run: string, seconds: number) =>
    t`${phase} of ${run} could not be settled within ${seconds} s:`,
};

function givenUp(
  what: keyof typeof problems,
  { runId, phaseId }: PhaseKey,
  ms: number,
  cause: UserFacingError,
): UserFacingError {
  return new UserFacingError(
    cause.code,
    `${problems[what](phaseId, runId, Math.round(ms / 1000))} ${cause.message}`,
    t`Resume the session once the database can be written again: calls that were made are in the journal of the attempt, and are recorded first.`,
    { cause },
  );
}
