import * as z from 'zod';
import { hygieneSession } from '../../core/drain/hygieneSession.ts';
import type { DrainOptions } from '../../core/drain/drainOptions.ts';
import type { DrainResult } from '../../core/drain/drainResult.ts';
import type { ExplainedStop } from '../../core/drain/drainStops.ts';
import type {
  LeasedExecution,
  PhaseLease,
  SharedDrainPort,
  SharedState,
  TakenOverLease,
} from '../../core/drain/sharedDrain.ts';
import type { PhaseKey } from '../../core/model/phase.ts';
import type { PostgresConnection } from './connection.ts';
import { addWorker, type Participant } from './drainRows.ts';
import { readDrainFacts } from './drainState.ts';
import { drainTables } from './drainTables.ts';
import { LeaseKeeper } from './leaseKeeper.ts';
import {
  claimLease,
  endLease,
  noteExecution,
  renewLeases,
  takeOverLease,
  type LeaseHolder,
} from './leases.ts';
import type { RetryingConnection } from './retryingConnection.ts';
import { serverJson, settleLease } from './resultRows.ts';

const { drains, leases, workers } = drainTables;

/** How long a lease lasts that is not renewed, in ms. */
export const defaultLeaseMs = 30_000;
/** How often a worker looks whether somebody has cancelled the drain, in ms. */
const watchMs = 1000;

const leasedExecution = hygieneSession.shape.inFlight
  .unwrap()
  .extend({ host: z.string(), workspaceFolder: z.string() }) satisfies z.ZodType<LeasedExecution>;

/** The part of one process in a drain, see {@link SharedDrainPort}. */
export class PostgresSharedDrain implements SharedDrainPort {
  readonly id: string;
  readonly options: DrainOptions;
  readonly #connection: RetryingConnection;
  readonly #holder: LeaseHolder;
  readonly #keeper: LeaseKeeper;
  readonly #cancel = new AbortController();
  readonly #watch: NodeJS.Timeout;
  #isWatching = false;
  #known = 0;
  #taken = 0;
  #workers = 1;

  private constructor(connection: RetryingConnection, holder: LeaseHolder, options: DrainOptions) {
    this.id = holder.drain;
    this.options = options;
    this.#connection = connection;
    this.#holder = holder;
    this.#keeper = new LeaseKeeper(holder.leaseMs, (fences) =>
      connection.do((each) => renewLeases(each, holder, fences)),
    );
    this.#watch = setInterval(() => void this.#watchStop().catch(() => undefined), watchMs);
    this.#watch.unref();
  }

  /** Takes part in a drain that is there. Closed with {@link close}. */
  static async join(
    connection: RetryingConnection,
    drain: { readonly id: string; readonly options: DrainOptions; readonly leaseMs: number },
    participant: Participant,
  ): Promise<PostgresSharedDrain> {
    const worker = await connection.do((each) => addWorker(each, drain.id, participant));
    return PostgresSharedDrain.takePart(connection, drain, worker, 0);
  }

  /** The same for a process that has its row among the workers; the results up to `knownResults` are not told again. */
  static takePart(
    connection: RetryingConnection,
    drain: { readonly id: string; readonly options: DrainOptions; readonly leaseMs: number },
    worker: string,
    knownResults: number,
  ): PostgresSharedDrain {
    const holder = { drain: drain.id, worker, leaseMs: drain.leaseMs };
    const joined = new PostgresSharedDrain(connection, holder, drain.options);
    joined.#known = knownResults;
    return joined;
  }

  get leaseMs(): number {
    return this.#holder.leaseMs;
  }

  get cancelled(): AbortSignal {
    return this.#cancel.signal;
  }

  async look(signal?: AbortSignal): Promise<SharedState> {
    const facts = await this.#connection.do(
      (each) => readDrainFacts(each, this.id, this.#known, Date.now()),
      signal,
    );
    const { lastResult, taken, ...state } = facts;
    this.#known = lastResult;
    this.#taken = taken;
    this.#workers = Math.max(1, state.workers.filter(({ executes }) => executes).length);
    this.#noteStop(facts.stop?.kind ?? null);
    return state;
  }

  async claim(wanted: readonly PhaseKey[]): Promise<PhaseLease | null> {
    const take = (each: PostgresConnection): ReturnType<typeof claimLease> =>
      claimLease(each, this.#holder, wanted, this.#known);
    // Near the end of the batch those who claim go one by one, so that no more are begun than are left of it.
    const isNearEnd = this.#taken + 2 * this.#workers >= this.options.batchSize;
    const proof = await (isNearEnd
      ? this.#connection.transaction(async (each) => ((await this.#hasRoom(each)) ? take(each) : null))
      : this.#connection.do(take));
    return proof === null ? null : this.#keeper.add(proof);
  }

  begin(lease: PhaseLease, execution: LeasedExecution): Promise<void> {
    return this.#connection.do((each) => noteExecution(each, lease, serverJson(execution)));
  }

  leaseOf(key: PhaseKey): PhaseLease | null {
    return this.#keeper.of(key);
  }

  /** Makes sure that leases are still ours, before something is written for one after a long time. */
  renew(): Promise<void> {
    return this.#keeper.renew();
  }

  async takeOver(): Promise<TakenOverLease | null> {
    const dead = await this.#connection.do((each) => takeOverLease(each, this.#holder));
    if (dead === null) return null;
    const { inFlight, from, ...proof } = dead;
    const execution = inFlight === null ? null : leasedExecution.parse(JSON.parse(inFlight));
    return { lease: this.#keeper.add(proof), execution, from };
  }

  async settle(lease: PhaseLease, results: readonly DrainResult[]): Promise<boolean> {
    if (lease.lost.aborted) return false;
    const { worker } = this.#holder;
    const isSettled = await this.#connection.do((each) =>
      settleLease(each, { drain: this.id, worker }, lease, results),
    );
    this.#keeper.remove(lease);
    return isSettled;
  }

  async release(lease: PhaseLease): Promise<void> {
    this.#keeper.remove(lease);
    await this.#connection.do((each) => endLease(each, lease, this.#known));
  }

  stop(stop: ExplainedStop): Promise<void> {
    return this.#connection.do((each) => this.#setStop(each, stop));
  }

  async pause(isPaused: boolean): Promise<void> {
    await this.#connection.do((each) =>
      each.run(
        isPaused
          ? `UPDATE ${drains} SET is_paused = true, ${untilNow} WHERE id = $1 AND NOT is_paused AND stop IS NULL`
          : `UPDATE ${drains} SET is_paused = false, active_since = clock_timestamp()
             WHERE id = $1 AND is_paused AND stop IS NULL`,
        [this.id],
      ),
    );
  }

  giveUp(lease: PhaseLease): void {
    this.#keeper.remove(lease);
  }

  async leave(stop: ExplainedStop): Promise<void> {
    // Its process may go on and wait for the others, who wait for what it still has.
    this.#keeper.end();
    await this.#connection.transaction(async (each) => {
      // Of two that leave at once, the second sees that it is the last.
      await each.rows(`SELECT 1 FROM ${drains} WHERE id = $1 FOR NO KEY UPDATE`, [this.id]);
      await each.run(
        `UPDATE ${workers} SET ended_at = clock_timestamp(), stop = $2::jsonb WHERE id = $1::bigint`,
        [this.#holder.worker, serverJson(stop)],
      );
      const others = await each.rows(
        `SELECT 1 FROM ${workers} WHERE drain = $1 AND ended_at IS NULL
           AND seen_at > clock_timestamp() - $2::float8 * interval '1 millisecond' LIMIT 1`,
        [this.id, String(this.#holder.leaseMs)],
      );
      if (others.length === 0) await this.#setStop(each, stop);
    });
  }

  /** Ends what goes on in this process for the drain; to {@link leave} it is another matter. */
  async close(): Promise<void> {
    clearInterval(this.#watch);
    this.#keeper.end();
    await this.#connection.close();
  }

  async #setStop(connection: PostgresConnection, stop: ExplainedStop): Promise<void> {
    const { kind, message, complete, nextStep } = stop;
    await connection.run(
      `UPDATE ${drains} SET stop = $2::jsonb, ${untilNow} WHERE id = $1 AND stop IS NULL`,
      [this.id, serverJson({ kind, message, complete, nextStep })],
    );
  }

  async #hasRoom(connection: PostgresConnection): Promise<boolean> {
    const [[taken = '0'] = []] = await connection.rows(
      `SELECT taken FROM ${drains} WHERE id = $1 FOR NO KEY UPDATE`,
      [this.id],
    );
    const [[held = '0'] = []] = await connection.rows(
      `SELECT count(*) FROM ${leases} WHERE drain = $1 AND ended_at IS NULL`,
      [this.id],
    );
    return Number(taken) + Number(held) < this.options.batchSize;
  }

  async #watchStop(): Promise<void> {
    // While the server is gone, one question waits for it, not one for each second.
    if (this.#isWatching || this.#cancel.signal.aborted) return;
    this.#isWatching = true;
    try {
      const [[kind = null] = []] = await this.#connection.do((each) =>
        each.rows(`SELECT stop ->> 'kind' FROM ${drains} WHERE id = $1`, [this.id]),
      );
      this.#noteStop(kind);
    } finally {
      this.#isWatching = false;
    }
  }

  #noteStop(kind: string | null): void {
    if (kind === 'cancelled') this.#cancel.abort();
  }
}

/** Adds the time at work up to now. */
const untilNow = `active_ms = active_ms + coalesce(extract(epoch FROM clock_timestamp() - active_since) * 1000, 0),
  active_since = NULL`;
