import { UserFacingError } from '../errors.ts';
import type { PhaseLedgerPort } from '../model/executionHost.ts';
import type { PhaseKey } from '../model/phase.ts';
import type { ClockPort } from '../ports.ts';
import { busyTimeoutMs, cancelledTimeoutMs, isPassing, settlePollMs } from './waitForOutcome.ts';

/**
 * A ledger that rides out locks and lost connections, for as long as {@link busyTimeoutMs}: what a phase has used is paid
 * for. Only what surely was not written is written again. Once the signal has fired nothing more is claimed, and what was
 * done is settled within {@link cancelledTimeoutMs}.
 */
export function patientLedger(
  ledger: PhaseLedgerPort,
  clock: ClockPort,
  signal: AbortSignal,
): PhaseLedgerPort {
  async function patiently<T>(what: string, key: PhaseKey, ask: () => Promise<T>, endMs: number): Promise<T> {
    const begunAt = clock.now();
    let cancelledAt: number | null = null;
    for (;;) {
      try {
        return await ask();
      } catch (error) {
        if (!(error instanceof UserFacingError) || !isPassing(error)) throw error;
        const now = clock.now();
        if (signal.aborted) cancelledAt ??= now;
        const deadline = Math.min(begunAt + busyTimeoutMs, (cancelledAt ?? Infinity) + endMs);
        if (now >= deadline) throw givenUp(what, key, now - begunAt, error);
        await clock.sleep(settlePollMs);
      }
    }
  }
  return {
    claim: (key) => patiently('claimed', key, () => ledger.claim(key), 0),
    holds: (claim) => patiently('looked up', claim, () => ledger.holds(claim), cancelledTimeoutMs),
    settle: (claim, settlement) =>
      patiently('settled', claim, () => ledger.settle(claim, settlement), cancelledTimeoutMs),
  };
}

function givenUp(
  what: string,
  { runId, phaseId }: PhaseKey,
  ms: number,
  cause: UserFacingError,
): UserFacingError {
  return new UserFacingError(
    cause.code,
    `${phaseId} of ${runId} could not be ${what} within ${Math.round(ms / 1000)} s: ${cause.message}`,
    'Resume the session once the database can be written again: calls that were made are in the journal of the attempt, and are recorded first.',
    { cause },
  );
}
