import type { WriteExpectation } from '../../core/identity/databaseFingerprint.ts';
import { markStaleOperation } from '../../core/maintenance/markStale.ts';
import { type PhaseWorker, type StaleFindings, withoutWorkedOn } from '../../core/identity/stalePhase.ts';
import type { DatabaseReader } from '../../protocol/readerProtocol.ts';
import { runningDrain } from '../drain/drainLock.ts';
import type { Backup } from './backups.ts';
import { bulkChange, type BulkChangeDeps } from './bulkChange.ts';
import { findPhaseWorkers } from './phaseWorkers.ts';
import { cannotTell } from './refuseAtWork.ts';

/** How long a phase may go without a change before it is looked into, in minutes. */
export const defaultMaxAgeMinutes = 30;

/** Looks for stale phases, and whether programs are at work on them. Changes nothing. */
export async function findStale(
  reader: DatabaseReader,
  path: string,
  before: number,
  signal?: AbortSignal,
): Promise<StaleFindings> {
  const { value: report, version } = await reader.ask(path, 'stalePhases', { before }, signal);
  const workers = report.stale.length === 0 ? [] : await workersOn(path, version.fileId);
  return { ...withoutWorkedOn(report, workers ?? []), before, workers };
}

/** Whoever holds the drain lock of a database, which may be this very program, and whatever else seems to work on it. */
async function workersOn(path: string, fileId: string): Promise<PhaseWorker[] | null> {
  const [workers, drain] = await Promise.all([findPhaseWorkers(fileId), runningDrain(path)]);
  if (workers === null || drain === null) return workers;
  const { pid, host, since, sessionId } = drain;
  const session = sessionId === null ? '' : `, session ${sessionId}`;
  const command = `a drain of this database on ${host} since ${since}${session}`;
  // A drain may be at any phase.
  const atAny = { pid, command, runId: null, phaseId: null, database: null };
  return [atAny, ...workers.filter((worker) => worker.pid !== pid)];
}

/**
 * Sets the phases FAILED that were reported and agreed to, after a backup, in one guarded transaction; tells how many.
 * Throws `at-work` where nobody can say whether programs are at work, and what {@link bulkChange} throws.
 */
export async function failStale(
  path: string,
  { stale, before, workers }: StaleFindings,
  expected: WriteExpectation,
  deps: BulkChangeDeps,
  signal?: AbortSignal,
): Promise<{ readonly marked: number; readonly backup: Backup | null }> {
  const wish = 'mark the phases';
  if (workers === null) throw cannotTell(wish);
  if (stale.length === 0) return { marked: 0, backup: null };
  const params = (now: number) => ({ stale, before, now });
  const { result: marked, backup } = await bulkChange(
    { path, expected, reason: 'mark-stale', wish, operation: markStaleOperation, params },
    deps,
    signal,
  );
  return { marked, backup };
}
