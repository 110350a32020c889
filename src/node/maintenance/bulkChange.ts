import type { DatabaseWriterPort, WriteOperation } from '../../core/db/databasePorts.ts';
import { isPostgresPath } from '../../core/db/postgresUrl.ts';
import type { WriteExpectation } from '../../core/identity/databaseFingerprint.ts';
import { guardedWrite } from '../../core/identity/guardedWrite.ts';
import {
  worksOn,
  withoutWorkedOn,
  type PhaseWorker,
  type StaleFindings,
} from '../../core/identity/stalePhase.ts';
import { deleteRunOperation, type RunContent } from '../../core/maintenance/deleteRun.ts';
import { markStaleOperation } from '../../core/maintenance/markStale.ts';
import { requeueOperation, type RequeuedPhase } from '../../core/maintenance/requeue.ts';
import type { ClockPort } from '../../core/ports.ts';
import { contextual, t } from '../../core/text/l10n.ts';
import type { DatabaseReader } from '../../protocol/readerProtocol.ts';
import type { DatabaseGuard } from '../identity/databaseGuard.ts';
import { acquireDrainLock, runningDrain } from '../identity/drainLock.ts';
import type { LockOperation } from '../identity/drainLockContent.ts';
import { findPhaseWorkers } from '../identity/phaseWorkers.ts';
import type { BackupReason, Backup } from './backups.ts';
import { refuseDrained, refuseAtWork, cannotListProcesses } from './refuseAtWork.ts';
import { withWayBack, type WithWayBack } from './withBackup.ts';
import { undoOperation, type UndoneChange } from '../../core/maintenance/undoChange.ts';

/** What a bulk change needs. `workspaceFolder` is absolute. */
export interface BulkChangeDeps {
  readonly writer: DatabaseWriterPort;
  readonly clock: ClockPort;
  readonly workspaceFolder: string;
}

/** A change of many rows that a person agreed to. */
export interface BulkChange<Params, Result> {
  /** Absolute. */
  readonly path: string;
  readonly expected: WriteExpectation;
  readonly reason: BackupReason & LockOperation;
  /** Ends the next step of a refusal: `then re-queue them`. */
  readonly wish: string;
  /** Looks up again what was agreed on, and changes it. */
  readonly operation: WriteOperation<Params, Result>;
  /** `now` is ms since the epoch. */
  readonly params: (now: number) => Params;
}

/**
 * Backs a database up, or has a server keep the rows from before, and changes it in one guarded transaction. Meanwhile it
 * holds the lock of drains, so that none begins between the two. Throws `drain-running`, what {@link guardedWrite} throws,
 * and what the operation throws.
 */
async function bulkChange<Params, Result>(
  { path, expected, reason, wish, operation, params }: BulkChange<Params, Result>,
  { writer, clock, workspaceFolder }: BulkChangeDeps,
  signal?: AbortSignal,
): Promise<WithWayBack<Result>> {
  await refuseDrained(path, wish);
  const now = clock.now();
  const lock = await acquireDrainLock(path, now, undefined, reason);
  try {
    const change = (backup: Backup | null): Promise<Result> => {
      const occasion = { backup: backup?.path, keepsRows: true };
      return guardedWrite(writer, { path, expected, occasion }, operation, params(now), signal);
    };
    return await withWayBack({ path, workspaceFolder, reason, now }, change, signal);
  } finally {
    await lock.release();
  }
}

const requeueWish = (): string => contextual('wish')`queue the phases again`;

/** Throws `drain-running`, or `at-work` while a program is at work on one of the phases. */
export function refuseRequeueing(path: string, phases: readonly RequeuedPhase[]): Promise<void> {
  const isAtWork = (worker: PhaseWorker): boolean => phases.some((phase) => worksOn(worker, phase));
  return refuseAtWork(path, isAtWork, requeueWish());
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
): Promise<WithWayBack<number>> {
  await refuseRequeueing(path, phases);
  return bulkChange(
    {
      path,
      expected,
      reason: 'requeue',
      wish: requeueWish(),
      operation: requeueOperation,
      params: (now) => ({ phases, now }),
    },
    deps,
    signal,
  );
}

const deleteWish = (): string => contextual('wish')`delete the run`;

/** What deleting a run needs. */
export interface DeleteRunDeps extends BulkChangeDeps {
  readonly guard: DatabaseGuard;
}

/** Throws `drain-running`, or `at-work` while a program is at work on a phase of the run. */
export function refuseDeleting(path: string, runId: string): Promise<void> {
  return refuseAtWork(path, (worker) => (worker.runId ?? runId) === runId, deleteWish());
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
): Promise<Backup | null> {
  await refuseDeleting(path, run.runId);
  const { backup } = await bulkChange(
    {
      path,
      expected,
      reason: 'delete-run',
      wish: deleteWish(),
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

/** How long a phase may go without a change before it is looked into, in minutes. */
export const defaultMaxAgeMinutes = 30;

/** Looks for stale phases, and whether programs are at work on them. Changes nothing. */
export async function findStale(
  reader: DatabaseReader,
  path: string,
  before: number,
  signal?: AbortSignal,
): Promise<StaleFindings> {
  const { value: report, version } = await reader.request(path, 'stalePhases', { before }, signal);
  const workers = report.stale.length === 0 ? [] : await workersOn(path, version.fileId);
  return { ...withoutWorkedOn(report, workers ?? []), before, workers };
}

/** Whoever holds the drain lock of a database, which may be this very program, and whatever else seems to work on it. */
async function workersOn(path: string, fileId: string): Promise<PhaseWorker[] | null> {
  const idOrPath = isPostgresPath(path) ? path : fileId;
  const [workers, drain] = await Promise.all([findPhaseWorkers(idOrPath), runningDrain(path)]);
  if (workers === null || drain === null) return workers;
  const { pid, host, since, sessionId } = drain;
  const command =
    sessionId === null
      ? t`a drain of this database on ${host} since ${since}`
      : t`a drain of this database on ${host} since ${since}, session ${sessionId}`;
  // A drain may be at any phase.
  const atAny = { pid, command, runId: null, phaseId: null, database: null };
  return [atAny, ...workers.filter((worker) => worker.pid !== pid)];
}

/**
 * Sets the phases FAILED that were reported and agreed to, after a backup, in one guarded transaction; returns how many.
 * Throws `at-work` where nobody can say whether programs are at work, and what {@link bulkChange} throws.
 */
export async function failStale(
  path: string,
  { stale, before, workers }: StaleFindings,
  expected: WriteExpectation,
  deps: BulkChangeDeps,
  signal?: AbortSignal,
): Promise<{ readonly marked: number; readonly backup: Backup | null }> {
  const wish = contextual('wish')`mark the phases`;
  if (workers === null) throw cannotListProcesses(wish);
  if (stale.length === 0) return { marked: 0, backup: null };
  const params = (now: number) => ({ stale, before, now });
  const { result: marked, backup } = await bulkChange(
    { path, expected, reason: 'mark-stale', wish, operation: markStaleOperation, params },
    deps,
    signal,
  );
  return { marked, backup };
}

/** What is wanted where a drain is under way. */
const undoWish = (): string => contextual('wish')`undo the change`;

/**
 * Undoes a change of a database on a server that a person agreed to undo: its rows become what they were, where nobody
 * changed them since. Throws `drain-running`, `changed`, `not-found` where the rows are no longer kept, and what
 * {@link guardedWrite} throws.
 */
export async function undoAgreed(
  path: string,
  change: UndoneChange,
  expected: WriteExpectation,
  { writer, clock, guard }: DeleteRunDeps,
  signal?: AbortSignal,
): Promise<void> {
  await refuseDrained(path, undoWish());
  const lock = await acquireDrainLock(path, clock.now(), undefined, 'change');
  try {
    const occasion = { keepsRows: true };
    await guardedWrite(writer, { path, expected, occasion }, undoOperation, change, signal);
  } finally {
    await lock.release();
  }
  // A run that is there again is one that the pin does not know.
  await guard.pin(path);
}
