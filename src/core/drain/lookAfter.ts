import { UserFacingError } from '../errors.ts';
import type { PhaseKey } from '../model/phase.ts';
import type { ClockPort } from '../ports.ts';
import type { DrainPorts } from './drainPorts.ts';
import type { ExecutionResult } from './executorPort.ts';
import type { PhaseObservation } from './phaseObservation.ts';

/** How often a database is looked at while another process may still commit, in ms. */
const settlePollMs = 250;
/** How long other writers may keep us from seeing an outcome, in ms. */
export const busyPatienceMs = 30_000;

/**
 * What the database says once the executor has ended, given time where another process writes for it. Cannot be
 * cancelled. Throws what the store throws, `busy` only after half a minute.
 */
export async function lookAfter(
  key: PhaseKey,
  before: PhaseObservation,
  execution: ExecutionResult,
  { clock, executor, store }: Pick<DrainPorts, 'clock' | 'executor' | 'store'>,
): Promise<PhaseObservation> {
  const endedAt = clock.now();
  const deadline = endedAt + (execution.outcome === 'exited' ? (executor.settleMs ?? 0) : 0);
  for (;;) {
    const seen = await patiently(() => store.observe(key, before.marks), clock, endedAt + busyPatienceMs);
    const isUnsettled =
      seen.phase !== null &&
      (seen.phase.state === 'EXECUTING' || seen.phase.revision === before.phase?.revision);
    if (!isUnsettled || clock.now() >= deadline) return seen;
    await clock.sleep(settlePollMs);
  }
}

/** Asks again while other writers leave no moment to read in: what was executed must not be lost for that. */
export async function patiently<T>(ask: () => Promise<T>, clock: ClockPort, deadline: number): Promise<T> {
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      const isBusy = error instanceof UserFacingError && error.code === 'busy';
      if (!isBusy || clock.now() >= deadline) throw error;
      await clock.sleep(settlePollMs);
    }
  }
}
