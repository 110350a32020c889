import type { DatabaseWriterPort } from '../../core/db/writeDatabase.ts';
import { UserFacingError } from '../../core/errors.ts';
import type { WriteExpectation } from '../../core/guard/databaseMark.ts';
import { guardedTransaction } from '../../core/guard/guardedTransaction.ts';
import { markStale } from '../../core/guard/markStale.ts';
import { type PhaseWorker, type StaleFindings, withoutWorkedOn } from '../../core/guard/stalePhase.ts';
import type { ClockPort } from '../../core/ports.ts';
import type { DatabaseReader } from '../../protocol/readerProtocol.ts';
import { runningDrain } from '../drain/drainLock.ts';
import { type Backup, Backups } from './backups.ts';
import { findPhaseWorkers } from './phaseWorkers.ts';

/** How long a phase may go without a change before it is looked into, in minutes. */
export const defaultMaxAgeMinutes = 30;

/** What marking needs. `workspaceFolder` is absolute. */
export interface StaleDeps {
  readonly writer: DatabaseWriterPort;
  readonly clock: ClockPort;
  readonly workspaceFolder: string;
}

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
 * Throws `busy` where nobody can say whether programs are at work, and what {@link guardedTransaction} throws.
 */
export async function failStale(
  path: string,
  { stale, before, workers }: StaleFindings,
  expected: WriteExpectation,
  { writer, clock, workspaceFolder }: StaleDeps,
  signal?: AbortSignal,
): Promise<{ readonly marked: number; readonly backup: Backup | null }> {
  if (workers === null) {
    throw new UserFacingError(
      'busy',
      'The running programs cannot be listed, so nobody can say whether one is at work on these phases.',
      'Make "ps" available, or mark the phases by draining them again.',
    );
  }
  if (stale.length === 0) return { marked: 0, backup: null };
  const now = clock.now();
  const backup = await new Backups(workspaceFolder).make(path, 'mark-stale', now, signal);
  const marked = await guardedTransaction(
    writer,
    { path, expected },
    (db) => markStale(db, stale, { before, now }),
    signal,
  );
  return { marked, backup };
}
