import type { DatabaseWriterPort, WriteOperation } from '../../core/db/databasePorts.ts';
import { isPostgresPath } from '../../core/db/postgresUrl.ts';
import { claimPhaseOperation } from '../../core/builders/claimPhase.ts';
import { settlePhaseOperation } from '../../core/builders/settlePhase.ts';
import { drain } from '../../core/drain/drain.ts';
import type { DrainedDatabase, DrainJob, DrainStorePort } from '../../core/drain/drainPorts.ts';
import type { DrainListener, PauseGate } from '../../core/drain/drainProgress.ts';
import type { DrainSummary } from '../../core/drain/drainSummary.ts';
import { UserFacingError } from '../../core/errors.ts';
import type { WriteExpectation } from '../../core/identity/databaseFingerprint.ts';
import { guardedWrite, refuseOtherIdentity } from '../../core/identity/guardedWrite.ts';
import { drainBeganEvent, drainEndedEvent } from '../../core/identity/notedEvents.ts';
import { levelOf } from '../../core/identity/identityTable.ts';
import { readOnlyRefused } from '../../core/identity/protection.ts';
import { requireAdopted } from '../../core/identity/requireWritable.ts';
import { failPhaseOperation, requeuePhaseOperation } from '../../core/maintenance/failPhase.ts';
import type { ExecutorPort } from '../../core/model/execution.ts';
import type { PersonPort } from '../../core/model/executionHost.ts';
import type { LeaseProof, PhaseKey } from '../../core/model/phase.ts';
import { formatDollars } from '../../core/text/quantities.ts';
import type { ClockPort, LoggerPort } from '../../core/ports.ts';
import { t } from '../../core/text/l10n.ts';
import type { DatabaseReader, ReaderRequestName, ReaderRequests } from '../../protocol/readerProtocol.ts';
import { acquireDrainLock } from '../identity/drainLock.ts';
import type { DrainLockContent } from '../identity/drainLockContent.ts';
import { findPhaseWorkersOf } from '../identity/phaseWorkers.ts';
import { removeDeadEndpoint } from './drainEndpoint.ts';
import type { WorkerPool } from './drainWorkers.ts';
import { SessionFiles } from './sessionStore.ts';
import type { SharingParts } from './sharing.ts';

/** Everything a drain needs, on this machine. */
export interface DrainRun extends DrainJob {
  readonly executor: ExecutorPort;
  readonly reader: DatabaseReader;
  readonly writer: DatabaseWriterPort;
  readonly clock: ClockPort;
  readonly logger: LoggerPort;
  /** Closed, it keeps the drain from starting another phase until it is opened. */
  readonly gate?: PauseGate;
  readonly onProgress?: DrainListener;
  /** Where the drain can be followed, to be named in its lock. */
  readonly endpoint?: string | undefined;
  /** The database that was checked before; without it, the adopted one that is there. */
  readonly expected?: WriteExpectation;
  /** Workers in processes of their own, which do the work in place of this process; only on a server. */
  readonly workerPool?: WorkerPool;
  /** How leases of a drain on a server last, where not as by default. */
  readonly sharing?: Pick<SharingParts, 'leaseMs' | 'limits'>;
  /** Asked before a built-in builder writes files; `null`, or without it, nobody is: it writes hands-off. */
  readonly person?: PersonPort | null;
}

/**
 * Drains a database, for the editor and the command line alike; see {@link drain} for what it throws, besides
 * `drain-running` where another drain of the database is under way, in whatever process.
 */
export async function runDrain(job: DrainRun, signal: AbortSignal): Promise<DrainSummary> {
  const { databasePath, workspaceFolder, executor, options, clock, logger, resume, gate, person } = job;
  if (options.maxCost != null) await refuseUnpriced(executor, options.maxCost);
  if (resume !== undefined) await refuseController(databasePath, resume);
  if (isPostgresPath(databasePath)) {
    const { runSharedDrain } = await import('./runSharedDrain.ts');
    return runSharedDrain(job, signal);
  }
  if (job.workerPool !== undefined) throw refuseWorkers();
  const store = nodeDrainStore(job);
  const sessions = new SessionFiles(workspaceFolder);
  const ports = { clock, executor, store, sessions, logger, person };
  const lock = await acquireDrainLock(databasePath, clock.now(), job.endpoint);
  await removeDeadEndpoint(lock.takenOver?.endpoint);
  try {
    const order = {
      ...{ databasePath, workspaceFolder, options, resume },
      notes: takeOverNotes(lock.takenOver, resume),
      ...(gate === undefined ? {} : { gate }),
    };
    let naming = Promise.resolve();
    const notify: DrainListener = (progress) => {
      if (progress.kind === 'session-started') {
        naming = lock.nameSession(progress.sessionId).catch((error: unknown) => {
          logger.warn(`The lock could not be named after its session: ${String(error)}`);
        });
      }
      job.onProgress?.(progress);
    };
    const summary = await drain(order, ports, signal, notify);
    await naming;
    return summary;
  } finally {
    await lock.release().catch((error: unknown) => {
      logger.warn(`The lock of the drain could not be removed: ${String(error)}`);
    });
  }
}

/** A limit on money means nothing where no price is known. */
async function refuseUnpriced(executor: ExecutorPort, maxCost: number): Promise<void> {
  const quoted = await executor.quote?.([], 1);
  if (quoted?.price != null) return;
  throw new UserFacingError(
    'invalid-argument',
    quoted === undefined
      ? t`The ${executor.name} executor does not tell what its calls cost, so that the limit of ${formatDollars(maxCost)} cannot be held.`
      : t`No price is known for ${quoted.model}, so that the limit of ${formatDollars(maxCost)} cannot be held.`,
    quoted === undefined
      ? t`Limit the tokens instead.`
      : t`Add the model to a price list of yours, or limit the tokens instead.`,
  );
}

/** What a file has no workers for. */
export function refuseWorkers(): UserFacingError {
  return new UserFacingError(
    'unsupported',
    t`SQLite lets one program write at a time: a SQLite database is drained by one process, one drain at a time.`,
    t`Drain without --workers and --join, or keep the database on a PostgreSQL server.`,
  );
}

/** Autopack's own controller resumes the newest session that is not completed, which may well be this one. */
async function refuseController(databasePath: string, sessionId: string): Promise<void> {
  const workers = (await findPhaseWorkersOf(databasePath)) ?? [];
  const controller = workers.find(({ command }) => command.includes('batch_drain_controller'));
  if (controller === undefined) return;
  throw new UserFacingError(
    'drain-running',
    t`Autopack's own controller is draining this database (process ${controller.pid}: ${controller.command}), and may go on with the session ${sessionId} as well.`,
    t`Wait for its end, then resume the session: what it did is read first.`,
  );
}

function takeOverNotes(dead: DrainLockContent | null, resume: string | undefined): string[] {
  if (dead === null) return [];
  const { pid, since, sessionId } = dead;
  const isResumed = sessionId === null || sessionId === resume;
  const advice = isResumed
    ? ''
    : t` Its session ${sessionId} can be resumed, which finds out what came of its last phase.`;
  return [t`An earlier drain (process ${pid}, since ${since}) has died; its lock is taken over.${advice}`];
}

/** What a drain's store is made of. `databasePath` is absolute. */
export interface DrainStoreParts {
  readonly databasePath: string;
  readonly reader: DatabaseReader;
  readonly writer: DatabaseWriterPort;
  readonly clock: ClockPort;
  /** The database that was checked before; without it, the adopted one that is found first. */
  readonly expected?: WriteExpectation | undefined;
  /**
   * What shows that a phase is leased to this process; `null` where phases are not leased. Throws `lease-lost` where another
   * may have it.
   */
  readonly proofOf?: ((key: PhaseKey) => Promise<LeaseProof | null>) | undefined;
}

/**
 * The store of one drain: reads through the reader's snapshots, writes through guarded transactions.
 * The database must stay the same all the way. Whoever looks at the backlog or at a phase learns it before anything is
 * executed: `not-adopted`, `replaced` where another file took its place or it was deleted, `other-database` where its
 * identity changed.
 */
export function nodeDrainStore(parts: DrainStoreParts): DrainStorePort {
  const { databasePath, reader, writer, clock } = parts;
  let expected = parts.expected;
  let session: string | undefined;
  async function ask<Name extends ReaderRequestName>(
    name: Name,
    params: ReaderRequests[Name]['params'],
    signal?: AbortSignal,
  ): Promise<ReaderRequests[Name]['result']> {
    const { value, version } = await reader
      .request(databasePath, name, params, signal)
      .catch((error: unknown) => {
        throw isMissing(error) && expected !== undefined ? gone(databasePath) : error;
      });
    if (expected !== undefined && version.fileId !== expected.fileId) throw replaced(databasePath);
    return value;
  }
  async function check(signal: AbortSignal | undefined): Promise<DrainedDatabase> {
    const mark = await ask('databaseFingerprint', { runIds: [] }, signal);
    const adopted = requireAdopted(mark, t`Draining`);
    const found = { ...adopted, level: levelOf(mark), fileId: mark.fileId };
    if (expected !== undefined) refuseOtherIdentity(found, expected, databasePath);
    else if (found.level === 'read-only') throw readOnlyRefused(t`Draining`, databasePath);
    // What was allowed stays allowed: the marks that are compared do not tell of it.
    expected = { ...found, level: expected?.level ?? found.level, allowTriggers: expected?.allowTriggers };
    return { ...expected, lastSerial: mark.lastChange.serial };
  }
  async function write<Params, Result>(
    operation: WriteOperation<Params, Result>,
    params: Params,
    leased?: PhaseKey,
  ): Promise<Result> {
    const lease = leased === undefined ? null : ((await parts.proofOf?.(leased)) ?? null);
    const occasion = { session, ...(lease === null ? {} : { lease }) };
    const target = { path: databasePath, expected: expected ?? (await check(undefined)), occasion };
    return guardedWrite(writer, target, operation, params);
  }
  return {
    identity: check,
    async backlog(scope, signal) {
      await check(signal);
      return ask('drainCandidates', scope, signal);
    },
    async observe(key, since, signal) {
      await check(signal);
      return ask('phaseOutcome', { key, since }, signal);
    },
    async begin({ sessionId, ...drain }) {
      session = sessionId;
      return write(drainBeganEvent, drain);
    },
    async end(drain) {
      return write(drainEndedEvent, drain);
    },
    async fail(key, reason, from) {
      return write(failPhaseOperation, { key, reason, from, now: clock.now() }, key);
    },
    async claim(key) {
      // Its end will be written, and other phases will be claimed.
      writer.prepare?.();
      return write(claimPhaseOperation, { key, now: clock.now() }, key);
    },
    async holds(claim) {
      const { phase } = await ask('phaseOutcome', { key: claim, since: null });
      return phase?.state === 'EXECUTING' && (phase.work?.attempts[0] ?? 0) === claim.attempt;
    },
    async settle(claim, settlement) {
      return write(settlePhaseOperation, { claim, settlement, now: clock.now() }, claim);
    },
    async requeue(key, from) {
      return write(requeuePhaseOperation, { key, from, now: clock.now() }, key);
    },
  };
}

function isMissing(error: unknown): boolean {
  return error instanceof UserFacingError && error.code === 'not-found';
}

function gone(path: string): UserFacingError {
  return new UserFacingError(
    'replaced',
    t`${path} was deleted or moved away while it was drained.`,
    t`Bring the database back, or restore a backup, before you go on.`,
  );
}

function replaced(path: string): UserFacingError {
  return new UserFacingError(
    'replaced',
    t`Another file has taken the place of ${path} while it was drained.`,
    t`Check the identity of the database before you go on.`,
  );
}
