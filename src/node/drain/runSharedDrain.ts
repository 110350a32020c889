import { drain } from '../../core/drain/drain.ts';
import type { DrainPorts, DrainStorePort } from '../../core/drain/drainPorts.ts';
import type { DrainSummary } from '../../core/drain/drainSummary.ts';
import { stopOf } from '../../core/drain/drainStops.ts';
import { joinDrain } from '../../core/drain/joinDrain.ts';
import { UserFacingError } from '../../core/errors.ts';
import type { PhaseKey } from '../../core/model/phase.ts';
import type { PhaseObservation } from '../../core/model/phaseObservation.ts';
import { t } from '../../core/text/l10n.ts';
import type { WorkerPool } from './drainWorkers.ts';
import { nodeDrainStore, type DrainRun } from './runDrain.ts';
import { SessionFiles } from './sessionStore.ts';
import { leadersSessions, workersSessions } from './sharedSessions.ts';
import { NodeSharing } from './sharing.ts';

/**
 * Drains a PostgreSQL database, alone or with a pool of workers; others may join. Throws what {@link drain} throws, and `drain-running`
 * where another drain of the database is under way.
 */
export async function runSharedDrain(job: DrainRun, signal: AbortSignal): Promise<DrainSummary> {
  const { databasePath, workspaceFolder, options, resume, gate, endpoint, workerPool, logger } = job;
  refuseExample(job);
  const sharing = new NodeSharing({
    ...{ databasePath, endpoint, ...job.sharing },
    work:
      workerPool === undefined
        ? undefined
        : (id, onWarning, ending) =>
            workWith(workerPool, job, id, AbortSignal.any([signal, ending]), onWarning),
  });
  const ports = portsOf(job, sharing);
  // Before anything is made there: which database it is.
  await ports.store.identity(signal);
  await sharing.prepare();
  const sessions = leadersSessions(new SessionFiles(workspaceFolder), sharing);
  const order = { databasePath, workspaceFolder, options, resume, ...(gate === undefined ? {} : { gate }) };
  return drain(order, { ...ports, sessions, sharing }, signal, (progress) => {
    if (progress.kind === 'warning') logger.info(progress.message);
    job.onProgress?.(progress);
  });
}

async function workWith(
  workerPool: WorkerPool,
  job: DrainRun,
  drainId: string,
  signal: AbortSignal,
  onWarning: (message: string) => void,
): Promise<void> {
  const { startWorkerPool } = await import('./drainWorkers.ts');
  return startWorkerPool(workerPool, { ...job, drain: drainId }, signal, onWarning);
}

/** A worker that joins a drain that another process has begun. */
export interface JoiningRun extends Omit<
  DrainRun,
  'options' | 'resume' | 'gate' | 'endpoint' | 'workerPool'
> {
  /** The id of the drain, which is that of its session. */
  readonly drain: string;
}

/** Works on a drain that another process has begun, see {@link joinDrain}. Throws `not-found`, and `changed` where it has stopped. */
export async function joinSharedDrain(job: JoiningRun, signal: AbortSignal): Promise<DrainSummary> {
  const { databasePath, workspaceFolder, onProgress } = job;
  refuseExample(job);
  const sharing = new NodeSharing({ databasePath, ...job.sharing });
  const ports = portsOf(job, sharing);
  await ports.store.identity(signal);
  const open = await sharing.join(job.drain);
  try {
    requireSameExecutor(open.executor, job.executor.name);
    const sessions = workersSessions(new SessionFiles(workspaceFolder), job.drain);
    const target = { databasePath, workspaceFolder };
    return await joinDrain(target, open, { ...ports, sessions }, signal, (progress) =>
      onProgress?.(progress),
    );
  } catch (error) {
    await open.shared.leave(stopOf(error)).catch(() => undefined);
    throw error;
  } finally {
    await open.close();
  }
}

function portsOf(job: Omit<JoiningRun, 'drain'>, sharing: NodeSharing): Omit<DrainPorts, 'sessions'> {
  const { executor, clock, logger, person, databasePath, reader, writer, expected } = job;
  const proofOf = (key: Parameters<NodeSharing['proofOf']>[0]): ReturnType<NodeSharing['proofOf']> =>
    sharing.proofOf(key);
  const store = nodeDrainStore({ databasePath, reader, writer, clock, expected, proofOf });
  // Other workers may be at other phases of its run: what appears there is no work of an executor that does what it is asked.
  const observe: DrainStorePort['observe'] = async (key, ...rest) =>
    ownPart(await store.observe(key, ...rest), key);
  const own = executor.runsFirstQueued === true ? store : { ...store, observe };
  return { clock, executor, store: own, logger, person };
}

function ownPart(seen: PhaseObservation, { runId, phaseId }: PhaseKey): PhaseObservation {
  const yields = seen.yields.filter((each) => each.runId === runId && each.phaseId === phaseId);
  return { ...seen, siblings: [], runRevision: null, yields };
}

/** It is a program of one file that knows nothing but SQLite, and plays what a model would do. */
function refuseExample({ executor }: Pick<DrainRun, 'executor'>): void {
  if (executor.name !== 'example') return;
  throw new UserFacingError(
    'no-executor',
    t`The example executor works on SQLite databases alone.`,
    t`Drain with Autopack's own script, from the root of its repository, or with a model: --executor endpoint.`,
  );
}

/** What failed with one executor says little about another: triage would compare what cannot be compared. */
function requireSameExecutor(wanted: string, given: string): void {
  if (wanted === given) return;
  throw new UserFacingError(
    'invalid-argument',
    t`The drain is executed with the ${wanted} executor, and this worker would use the ${given} executor.`,
    t`Join it with --executor ${wanted}.`,
  );
}
