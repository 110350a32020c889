import { UserFacingError } from '../errors.ts';
import type { ExecutionResult } from '../model/execution.ts';
import type { PhaseKey } from '../model/phase.ts';
import type { PhaseObservation } from '../model/phaseObservation.ts';
import type { ClockPort } from '../ports.ts';
import { wasWorkedOn } from './detectExecutedPhase.ts';
import type { DrainPorts } from './drainPorts.ts';

/** How often a database is looked at while another process may still commit, in ms. */
export const settlePollMs = 250;
/** How long other programs may keep us from seeing or setting right an outcome, in ms. Locks of a minute have been seen. */
export const busyTimeoutMs = 90_000;
/** The same where a person has cancelled and waits: a resume finds out what is missed. */
export const cancelledTimeoutMs = 10_000;

/**
 * What the database says once the executor has ended, given time where another process writes for it. Cannot be
 * cancelled. Throws what the store throws, `busy` only once its timeout has passed.
 */
export async function waitForOutcome(
  key: PhaseKey,
  before: PhaseObservation,
  execution: ExecutionResult,
  { clock, executor, store }: Pick<DrainPorts, 'clock' | 'executor' | 'store'>,
): Promise<PhaseObservation> {
  const endedAt = clock.now();
  const deadline = endedAt + (execution.outcome === 'exited' ? (executor.settleMs ?? 0) : 0);
  for (;;) {
    const seen = await retryWhileBusy(
      () => store.observe(key, before.marks),
      clock,
      endedAt + settleTimeoutMs(execution),
    );
    const isUnsettled =
      seen.phase !== null &&
      (seen.phase.state === 'EXECUTING' || (before.phase !== null && !wasWorkedOn(before.phase, seen.phase)));
    if (!isUnsettled || clock.now() >= deadline) return seen;
    await clock.sleep(settlePollMs);
  }
}

/** How long other programs may hold us up after an execution, in ms. */
export function settleTimeoutMs({ outcome }: ExecutionResult): number {
  return outcome === 'cancelled' ? cancelledTimeoutMs : busyTimeoutMs;
}

/** Whether it passes by itself: locks of others, and a server that starts anew. Nothing was written then. */
export function isPassing({ code }: UserFacingError): boolean {
  return ['busy', 'locked', 'unreachable'].includes(code);
}

/** Tries again while others hold a lock, or a server is away: what was executed must not be lost for that. */
export async function retryWhileBusy<T>(
  ask: () => Promise<T>,
  clock: ClockPort,
  deadline: number,
): Promise<T> {
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      const isHeldUp = error instanceof UserFacingError && isPassing(error);
      if (!isHeldUp || clock.now() >= deadline) throw error;
      await clock.sleep(settlePollMs);
    }
  }
}
