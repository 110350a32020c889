import type { DatabaseWriterPort } from '../../core/db/databasePorts.ts';
import { stat } from 'node:fs/promises';
import { drain } from '../../core/drain/drain.ts';
import type { DrainRequest } from '../../core/drain/drainOptions.ts';
import type { DrainListener, PauseGate } from '../../core/drain/drainProgress.ts';
import type { DrainSummary } from '../../core/drain/drainSummary.ts';
import type { ExecutorPort } from '../../core/model/execution.ts';
import { UserFacingError } from '../../core/errors.ts';
import type { WriteExpectation } from '../../core/identity/databaseFingerprint.ts';
import type { ClockPort, LoggerPort } from '../../core/ports.ts';
import type { DatabaseReader } from '../../protocol/readerProtocol.ts';
import { fileIdOf } from '../files/fileId.ts';
import { findPhaseWorkers } from '../guard/phaseWorkers.ts';
import { acquireDrainLock, type DrainLockContent } from './drainLock.ts';
import { removeDeadEndpoint } from './follow/drainEndpoint.ts';
import { nodeDrainStore } from './nodeDrainStore.ts';
import { SessionFiles } from './sessionFiles.ts';

/** Everything a drain needs, on this machine. */
export interface DrainJob {
  /** Absolute and real. */
  readonly databasePath: string;
  /** The repository root: deliverables, sessions and logs go below it. Absolute. */
  readonly workspaceFolder: string;
  readonly executor: ExecutorPort;
  readonly options: DrainRequest;
  readonly reader: DatabaseReader;
  readonly writer: DatabaseWriterPort;
  readonly clock: ClockPort;
  readonly logger: LoggerPort;
  /** The session to go on with; a new one without it. */
  readonly resume?: string | undefined;
  /** Closed, it keeps the drain from starting another phase until it is opened. */
  readonly gate?: PauseGate;
  readonly onProgress?: DrainListener;
  /** Where the drain can be followed, to be named in its lock. */
  readonly endpoint?: string | undefined;
  /** The database that was checked before; without it, the adopted one that is there. */
  readonly expected?: WriteExpectation;
}

/**
 * Drains a database, for the editor and the command line alike; see {@link drain} for what it throws, besides
 * `drain-running` where another drain of the database is under way, in whatever process.
 */
export async function runDrain(job: DrainJob, signal: AbortSignal): Promise<DrainSummary> {
  const { databasePath, workspaceFolder, executor, options, clock, logger, resume, gate } = job;
  const store = nodeDrainStore(job);
  const sessions = new SessionFiles(workspaceFolder);
  const ports = { clock, executor, store, sessions, logger };
  if (resume !== undefined) await refuseController(databasePath, resume);
  const lock = await acquireDrainLock(databasePath, clock.now(), job.endpoint);
  await removeDeadEndpoint(lock.takenOver?.endpoint);
  try {
    const order = {
      request: options,
      target: { databasePath, workspaceFolder },
      resume,
      notes: takeOverNotes(lock.takenOver, resume),
      ...(gate === undefined ? {} : { gate }),
    };
    let naming = Promise.resolve();
    const tell: DrainListener = (progress) => {
      if (progress.kind === 'session-started') {
        naming = lock.nameSession(progress.sessionId).catch((error: unknown) => {
          logger.warn(`The lock could not be named after its session: ${String(error)}`);
        });
      }
      job.onProgress?.(progress);
    };
    const summary = await drain(order, ports, signal, tell);
    await naming;
    return summary;
  } finally {
    await lock.release().catch((error: unknown) => {
      logger.warn(`The lock of the drain could not be removed: ${String(error)}`);
    });
  }
}

/** Autopack's own controller resumes the newest session that is not completed, which may well be this one. */
async function refuseController(databasePath: string, sessionId: string): Promise<void> {
  const workers = (await findPhaseWorkers(fileIdOf(await stat(databasePath, { bigint: true })))) ?? [];
  const controller = workers.find(({ command }) => command.includes('batch_drain_controller'));
  if (controller === undefined) return;
  throw new UserFacingError(
    'drain-running',
    `Autopack's own controller is draining this database (process ${controller.pid}: ${controller.command}), and may go on with the session ${sessionId} as well.`,
    'Wait for its end, then resume the session: what it did is read first.',
  );
}

function takeOverNotes(dead: DrainLockContent | null, resume: string | undefined): string[] {
  if (dead === null) return [];
  const { pid, since, sessionId } = dead;
  const isResumed = sessionId === null || sessionId === resume;
  const advice = isResumed
    ? ''
    : ` Its session ${sessionId} can be resumed, which finds out what came of its last phase.`;
  return [`An earlier drain (process ${pid}, since ${since}) has died; its lock is taken over.${advice}`];
}
