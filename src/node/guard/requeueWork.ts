import type { WriteExpectation } from '../../core/identity/databaseFingerprint.ts';
import { requeueOperation, type RequeuedPhase } from '../../core/maintenance/requeue.ts';
import { type PhaseWorker, worksOn } from '../../core/identity/stalePhase.ts';
import { bulkChange, type BulkChangeDeps } from './bulkChange.ts';
import { refuseAtWork } from './refuseAtWork.ts';
import type { WithBackup } from './withBackup.ts';

const requeueWish = 'queue the phases again';

/** Throws `drain-running`, or `at-work` while a program is at work on one of the phases. */
export function refuseRequeueing(path: string, phases: readonly RequeuedPhase[]): Promise<void> {
  const isAtWork = (worker: PhaseWorker): boolean => phases.some((phase) => worksOn(worker, phase));
  return refuseAtWork(path, isAtWork, requeueWish);
}

/**
 * Queues the phases again that a person agreed to, after a backup; the result is how many, for those that somebody
 * changed since are left alone. Throws what {@link refuseRequeueing} and {@link bulkChange} throw.
 */
export async function requeueAgreed(
  path: string,
  phases: readonly RequeuedPhase[],
  expected: WriteExpectation,
  deps: BulkChangeDeps,
  signal?: AbortSignal,
): Promise<WithBackup<number>> {
  await refuseRequeueing(path, phases);
  return bulkChange(
    {
      path,
      expected,
      reason: 'requeue',
      wish: requeueWish,
      operation: requeueOperation,
      params: (now) => ({ phases, now }),
    },
    deps,
    signal,
  );
}
