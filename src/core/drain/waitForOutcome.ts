import type { ExecutionResult } from '../model/execution.ts';
import type { PhaseKey } from '../model/phase.ts';
import type { PhaseObservation } from '../model/phaseObservation.ts';
import { wasWorkedOn } from './detectExecutedPhase.ts';
import type { DrainPorts } from './drainPorts.ts';
import { retryTransient, settlePollMs, settleTimeoutMs } from './retryTransient.ts';

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
    const seen = await retryTransient(
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
