import type { WriteExpectation } from '../../core/identity/databaseFingerprint.ts';
import { deleteRunOperation, type RunContent } from '../../core/maintenance/deleteRun.ts';
import type { Backup } from './backups.ts';
import { bulkChange, type BulkChangeDeps } from './bulkChange.ts';
import type { DatabaseGuard } from './databaseGuard.ts';
import { refuseAtWork } from './refuseAtWork.ts';

const deleteWish = 'delete the run';

/** What deleting a run needs. */
export interface DeleteRunDeps extends BulkChangeDeps {
  readonly guard: DatabaseGuard;
}

/** Throws `drain-running`, or `at-work` while a program is at work on a phase of the run. */
export function refuseDeleting(path: string, runId: string): Promise<void> {
  return refuseAtWork(path, (worker) => (worker.runId ?? runId) === runId, deleteWish);
}

/**
 * Deletes a run that a person agreed to delete, after a backup. Throws `changed` if more or less belongs to it by now,
 * and what {@link refuseDeleting} and {@link bulkChange} throw.
 */
export async function deleteAgreed(
  path: string,
  run: RunContent,
  expected: WriteExpectation,
  deps: DeleteRunDeps,
  signal?: AbortSignal,
): Promise<Backup> {
  await refuseDeleting(path, run.runId);
  const { backup } = await bulkChange(
    {
      path,
      expected,
      reason: 'delete-run',
      wish: deleteWish,
      operation: deleteRunOperation,
      params: () => ({ run }),
    },
    deps,
    signal,
  );
  // The pin remembers runs, and would take the database for a restored one.
  await deps.guard.pin(path);
  return backup;
}
