import type { LeaseProof, PhaseKey } from '../model/phase.ts';
import type { DrainOptions } from './drainOptions.ts';
import type { DrainResult } from './drainResult.ts';
import type { ExplainedStop } from './drainStops.ts';
import type { HygieneSession } from './hygieneSession.ts';

/** A phase that a worker has for itself, until it is not renewed in time. */
export interface PhaseLease extends LeaseProof {
  /** Fires when another worker may have the phase: whatever is done for it must end, and settles nothing. */
  readonly lost: AbortSignal;
}

/** What is needed to find out what an execution came to whose worker has died. */
export type LeasedExecution = NonNullable<HygieneSession['inFlight']> & {
  /** The machine whose files and processes are meant. */
  readonly host: string;
  readonly workspaceFolder: string;
};

/** A lease that ran out, taken over from a worker that is gone. */
export interface TakenOverLease {
  readonly lease: PhaseLease;
  /** `null` where its execution had not begun. */
  readonly execution: LeasedExecution | null;
  /** `process 4711 on build-3`. */
  readonly from: string;
}

/** A worker of a shared drain, and what it is at. Times are ms since the epoch by this machine's clock. */
export interface SharedWorker {
  readonly number: number;
  /** Whether it executes phases; one that does not only leads the others. */
  readonly executes: boolean;
  readonly host: string;
  readonly pid: number;
  /** Whether it has renewed within the time of a lease. */
  readonly isAlive: boolean;
  readonly phase: (PhaseKey & { readonly since: number }) | null;
}

/** What a drain that is shared looks like right now. */
export interface SharedState {
  /** In their order, those after the ones that were told before. */
  readonly results: readonly DrainResult[];
  /** Phases that some worker has, this one included. */
  readonly held: readonly PhaseKey[];
  readonly workers: readonly SharedWorker[];
  readonly isPaused: boolean;
  /** How long the drain was at work, in ms, by the server's clock. */
  readonly activeMs: number;
  /** Set while one phase is to show whether the cause of a streak of failures is repaired. */
  readonly isTrial: boolean;
  readonly stop: ExplainedStop | null;
}

/**
 * A drain that several processes and machines work on. What it has come to lies in the database's server, in one order for
 * all; each worker folds it into a ledger of its own, so that all judge by the same. Server restarts, cut connections and
 * full pools are waited for within a bound; then everything fails with `unreachable` or `busy`.
 */
export interface SharedDrainPort {
  readonly id: string;
  readonly options: DrainOptions;
  /** How long a lease lasts that is not renewed, in ms. */
  readonly leaseMs: number;
  /** Looks, and tells the results that were not told before. */
  look(signal?: AbortSignal): Promise<SharedState>;
  /**
   * Leases the first of these phases that nobody has or has settled since the last look; `null` where there is none, and
   * once the drain has stopped, is paused, or has as many under way as are left of its batch.
   */
  claim(wanted: readonly PhaseKey[]): Promise<PhaseLease | null>;
  /** Notes what is executed, before it is. Fails with `lease-lost`. */
  begin(lease: PhaseLease, execution: LeasedExecution): Promise<void>;
  /** The lease of a phase that this worker has. */
  leaseOf(key: PhaseKey): PhaseLease | null;
  /** Takes over a lease of this drain that has run out; `null` where there is none. */
  takeOver(): Promise<TakenOverLease | null>;
  /** Books what an execution came to and ends its lease, in one transaction; `false` where another has taken it over. */
  settle(lease: PhaseLease, results: readonly DrainResult[]): Promise<boolean>;
  /** Ends a lease of which nothing came. */
  release(lease: PhaseLease): Promise<void>;
  /** Renews a lease no more: it runs out, and somebody takes it over, with what was noted of it. */
  giveUp(lease: PhaseLease): void;
  /** Ends the drain for all its workers; one that has a stop keeps it. */
  stop(stop: ExplainedStop): Promise<void>;
  /** Keeps all workers from starting another phase, until they may again. */
  pause(isPaused: boolean): Promise<void>;
  /** Fires when a person has cancelled the drain, wherever that was. */
  readonly cancelled: AbortSignal;
  /**
   * This worker ends, and what it still has runs out. Where it was the last, the drain stops for the same reason unless it
   * has one.
   */
  leave(stop: ExplainedStop): Promise<void>;
}

/** Opens drains on the server of a database. */
export interface SharingPort {
  /**
   * Begins a drain, or lets one go on, and takes part in it. Fails with `drain-running` where one is under way.
   */
  open(drain: OpenedDrain): Promise<OpenDrain>;
}

/** A drain to be opened. */
export interface OpenedDrain {
  readonly id: string;
  /** Else it goes on. */
  readonly isNew: boolean;
  readonly databaseId: string;
  readonly executor: string;
  readonly options: DrainOptions;
  /** What is known of it already. */
  readonly results: readonly DrainResult[];
  /** Those of `results`, by their place, that are no longer as they were recorded. */
  readonly corrected: readonly number[];
  /** It goes on after a streak of failures. */
  readonly isTrial: boolean;
}

/** The part of this process in a drain. */
export interface OpenDrain {
  readonly shared: SharedDrainPort;
  /** The name of this machine. */
  readonly host: string;
  /** What the drain is executed with. */
  readonly executor: string;
  /**
   * Where this process only leads: begins the workers, and resolves when the last of them has ended. What befalls them is
   * reported; the signal ends them.
   */
  readonly work: ((onWarning: (message: string) => void, signal: AbortSignal) => Promise<void>) | null;
  /** Ends what goes on here for the drain. */
  close(): Promise<void>;
}
