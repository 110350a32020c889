import { isTransient } from '../errors.ts';
import type { ExecutionResult } from '../model/execution.ts';
import type { ClockPort } from '../ports.ts';

/** How often a database is looked at while another process may still commit, in ms. */
export const settlePollMs = 250;
/** How long other programs may keep us from seeing or setting right an outcome, in ms. Locks of a minute have been seen. */
export const busyTimeoutMs = 90_000;
/** The same where a person has cancelled and waits: a resume finds out what is missed. */
export const cancelledTimeoutMs = 10_000;

/** How long other programs may hold us up after an execution, in ms. */
export function settleTimeoutMs({ outcome }: ExecutionResult): number {
  return outcome === 'cancelled' ? cancelledTimeoutMs : busyTimeoutMs;
}

/**
 * Tries again while others hold a lock, or a server is away: what was executed must not be lost for that. Throws the last
 * error once `deadline` (ms since the epoch) has passed, which may come closer meanwhile.
 */
export async function retryTransient<T>(
  step: () => Promise<T>,
  clock: ClockPort,
  deadline: number | (() => number),
): Promise<T> {
  for (;;) {
    try {
      return await step();
    } catch (error) {
      const end = typeof deadline === 'number' ? deadline : deadline();
      if (!isTransient(error) || clock.now() >= end) throw error;
      await clock.sleep(settlePollMs);
    }
  }
}
