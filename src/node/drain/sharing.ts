import { hostname } from 'node:os';
import type { OpenDrain, OpenedDrain, SharingPort } from '../../core/drain/sharedDrain.ts';
import type { DrainResult } from '../../core/drain/drainResult.ts';
import { UserFacingError } from '../../core/errors.ts';
import type { LeaseProof, PhaseKey } from '../../core/model/phase.ts';
import { t } from '../../core/text/l10n.ts';
import { counted } from '../../core/text/quantities.ts';
import { formatDuration } from '../../core/text/times.ts';
import { databaseServer } from '../postgres/databaseServer.ts';
import {
  addDrain,
  addWorker,
  drainRow,
  type FoundDrain,
  markDeadWorkers,
  reopenDrain,
  runningDrainRow,
  workerRow,
  type Participant,
  type RunningDrain,
} from '../postgres/drainRows.ts';
import { makeDrainTables } from '../postgres/drainTables.ts';
import { leaseLost } from '../postgres/leases.ts';
import type { RetryingConnection, RetryLimits } from '../postgres/retryingConnection.ts';
import { readAllResults } from '../postgres/resultRows.ts';
import { defaultLeaseMs, PostgresSharedDrain } from '../postgres/postgresSharedDrain.ts';
import { markOfProcess, processExists, processSpace } from '../system/processMark.ts';

/** What a drain on a server needs of this process. */
export interface SharingParts {
  /** A PostgreSQL path. */
  readonly databasePath: string;
  /** Where the drain can be followed on this machine. */
  readonly endpoint?: string | undefined;
  /** See `OpenDrain.work`; without it, this process works itself. */
  readonly work?:
    ((drain: string, onWarning: (message: string) => void, signal: AbortSignal) => Promise<void>) | undefined;
  readonly leaseMs?: number | undefined;
  readonly limits?: RetryLimits | undefined;
}

/** The drains of one database, shared by its server. */
export class NodeSharing implements SharingPort {
  readonly #parts: SharingParts;
  #open: PostgresSharedDrain | null = null;

  constructor(parts: SharingParts) {
    this.#parts = parts;
  }

  /** Makes the tables, and forgets workers of this machine that have died. Throws `drain-running`. */
  async prepare(): Promise<void> {
    await this.#withServer(async (server) => {
      await server.do(makeDrainTables);
      await markDead(server);
      await server.transaction(async (each) => {
        const running = await runningDrainRow(each);
        if (running !== null) throw alreadyRunning(running);
      });
    });
  }

  async open(drain: OpenedDrain): Promise<OpenDrain> {
    const { endpoint = null, leaseMs = defaultLeaseMs, work = null } = this.#parts;
    const row = { ...drain, leaseMs };
    const me = await participant(work === null ? 'worker' : 'leader', endpoint);
    const server = databaseServer(this.#parts.databasePath, this.#parts.limits);
    try {
      let tries = 0;
      // That somebody takes part shows that it runs: both in one transaction, or another could be begun between the two.
      const worker = await server.transaction(async (each) => {
        const isFirst = (tries += 1) === 1;
        const running = await runningDrainRow(each, true);
        if (running !== null) {
          const own = isFirst ? null : await workerRow(each, row.id, me);
          if (own === null) throw alreadyRunning(running);
          return own;
        }
        if (drain.isNew) await addDrain(each, row);
        else await reopenDrain(each, row);
        return addWorker(each, row.id, me);
      });
      return this.#takePart(PostgresSharedDrain.takePart(server, row, worker, drain.results.length), row, me);
    } catch (error) {
      await server.close();
      throw error;
    }
  }

  /**
   * Takes part in a drain that another process has begun. Throws `not-found`, and `changed` for one that has stopped or that
   * nobody is at any more: it has a session to be resumed, which nobody would keep.
   */
  async join(id: string): Promise<OpenDrain> {
    const server = databaseServer(this.#parts.databasePath, this.#parts.limits);
    try {
      await server.do(makeDrainTables);
      const row = await joinable(server, id);
      const me = await participant('worker', null);
      return this.#takePart(await PostgresSharedDrain.join(server, row, me), row, me);
    } catch (error) {
      await server.close();
      throw error;
    }
  }

  /**
   * What shows that this process has a phase, once it is sure that it still has; `null` before it takes part in a drain.
   * Throws `lease-lost`.
   */
  async proofOf(key: PhaseKey): Promise<LeaseProof | null> {
    if (this.#open === null) return null;
    await this.#open.renew();
    const lease = this.#open.leaseOf(key);
    if (lease === null) throw leaseLost(key);
    const { runId, phaseId, fence } = lease;
    return { runId, phaseId, fence };
  }

  /** The results of a drain in the order of the server; `null` where the server does not know it. */
  resultsOf(id: string): Promise<readonly DrainResult[] | null> {
    return this.#withServer(async (server) => {
      await server.do(makeDrainTables);
      return server.do((each) => readAllResults(each, id));
    });
  }

  #takePart(
    shared: PostgresSharedDrain,
    { executor }: { readonly executor: string },
    { role, host }: Participant,
  ): OpenDrain {
    this.#open = shared;
    const { work } = this.#parts;
    return {
      shared,
      host,
      executor,
      work:
        role === 'leader' && work !== undefined
          ? (onWarning, signal) => work(shared.id, onWarning, signal)
          : null,
      close: () => shared.close(),
    };
  }

  async #withServer<T>(ask: (server: RetryingConnection) => Promise<T>): Promise<T> {
    const server = databaseServer(this.#parts.databasePath, this.#parts.limits);
    try {
      return await ask(server);
    } finally {
      await server.close();
    }
  }
}

/** Throws what {@link NodeSharing.join} does, before anything is begun to join a drain with. */
export async function requireJoinable(databasePath: string, id: string): Promise<void> {
  const server = databaseServer(databasePath);
  try {
    await server.do(makeDrainTables);
    await joinable(server, id);
  } finally {
    await server.close();
  }
}

async function joinable(server: RetryingConnection, id: string): Promise<FoundDrain> {
  const row = await server.do((each) => drainRow(each, id));
  if (row === null || row.hasStopped) throw notJoinable(id, row !== null);
  if (!row.isAlive) throw abandoned(row);
  return row;
}

async function participant(role: Participant['role'], endpoint: string | null): Promise<Participant> {
  const { pid } = process;
  return { role, host: hostname(), pid, processMark: await markOfProcess(pid), endpoint };
}

/** A worker of this machine whose process is gone does not hold anything up for the time of a lease. */
export async function markDead(server: RetryingConnection): Promise<void> {
  const space = await processSpace();
  if (space === null) return;
  await server.do((each) =>
    markDeadWorkers(
      each,
      space,
      async ({ pid, mark }) => !processExists(pid) || (await markOfProcess(pid)) !== mark,
    ),
  );
}

function alreadyRunning({ id, host, pid, since, workers }: RunningDrain): UserFacingError {
  const who = t`process ${pid} on ${host}, since ${since}, with ${counted(workers, 'worker')}`;
  return new UserFacingError(
    'drain-running',
    t`Another drain of this database is under way: ${id} (${who}).`,
    t`Wait for its end or cancel it; or take part in it: drain --join ${id}.`,
  );
}

function abandoned({ id, begun, silentMs }: FoundDrain): UserFacingError {
  const [message, nextStep] =
    begun === null
      ? [
          t`Nobody works on the drain ${id}.`,
          t`Resume it: drain --resume ${id}. What was under way is set right first.`,
        ]
      : [
          t`Nobody works on the drain ${id} any more: process ${begun.pid} on ${begun.host} began it, and its last worker was heard of ${formatDuration(silentMs)} ago.`,
          t`Resume it on ${begun.host}, where its session is: drain --resume ${id}. What was under way is set right first.`,
        ];
  return new UserFacingError('changed', message, nextStep);
}

function notJoinable(id: string, hasStopped: boolean): UserFacingError {
  return hasStopped
    ? new UserFacingError(
        'changed',
        t`The drain ${id} has stopped.`,
        t`Resume it where it was begun: drain --resume ${id}.`,
      )
    : new UserFacingError(
        'not-found',
        t`The server knows no drain ${id}.`,
        t`Name one that is under way on this database, as its status tells it.`,
      );
}
