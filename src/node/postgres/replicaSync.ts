import { CancelledError, UserFacingError } from '../../core/errors.ts';
import type { PostgresServer } from '../../core/model/databaseFacts.ts';
import { t } from '../../core/text/l10n.ts';
import { keepLocks } from '../system/deferredClose.ts';
import { PostgresConnection } from './connection.ts';
import { targetOf } from './databaseServer.ts';
import { Replica, type NeededData, type SyncedReplica } from './replica.ts';
import { snapshotOf, snapshotSql, type Snapshot } from './replicaState.ts';
import { ReplicaLock, type ReplicaFiles, type ReplicaStore } from './replicaStore.ts';
import { readServerFacts } from './serverFacts.ts';

/** What {@link ReplicaSync} works with. */
export interface ReplicaSyncOptions {
  readonly store: ReplicaStore;
  /** Keeps the locks of SQLite in this process while a replica is written; returns what lets go of them. */
  readonly keepLocks?: () => Promise<() => void>;
}

/** How often a connection that was cut is made again for one question. */
const mostAttempts = 3;
const retryPauseMs = 250;
/** How long what a server says of itself is taken for true while the connection stays the same, in ms. */
const factsHoldMs = 30_000;
/** How long a file must have been left alone for its time to tell whether it was written since, in ms. */
const settledMs = 110;
/** A connection that nobody asked anything for so long is closed, in ms. */
const idleMs = 60_000;

/** Keeps the replica of one database up to the server's, one question after the other, over one connection. */
export class ReplicaSync {
  readonly #path: string;
  readonly #options: ReplicaSyncOptions;
  #password: string | null = null;
  #connection: PostgresConnection | null = null;
  #facts: { readonly server: PostgresServer; readonly at: number; readonly isStandby: boolean } | null = null;
  #files: ReplicaFiles | null = null;
  #replica: Replica | null = null;
  #last: {
    readonly snapshot: string;
    readonly synced: SyncedReplica;
    readonly needed: NeededData[];
    /** Whether the same text can only mean the same rows. */
    readonly isSettled: boolean;
  } | null = null;
  #queue: Promise<unknown> = Promise.resolve();
  #idle: NodeJS.Timeout | null = null;

  /** `path` is a PostgreSQL path. */
  constructor(path: string, options: ReplicaSyncOptions) {
    this.#path = path;
    this.#options = options;
  }

  /**
   * Brings the replica up to the server's state of now. Throws `CancelledError`, what connecting throws, and `unreachable`
   * where the connection is cut again and again.
   */
  async sync(password: string | null, needed: NeededData, signal?: AbortSignal): Promise<SyncedReplica> {
    if (password !== this.#password) await this.#disconnect();
    this.#password = password;
    for (;;) {
      // Others get their turn between two steps.
      const synced = await this.#inTurn(() => this.#stepWithRetries(needed, signal));
      if (!synced.isComplete) continue;
      // Much is read: until the clock of the file system has moved on, no reader can know that it read one state.
      const wait = needed.events.length === 0 ? 0 : synced.writtenAt + settledMs - Date.now();
      // No longer than that, should the clock have been set back.
      if (wait > 0) await new Promise((resolve) => setTimeout(resolve, Math.min(wait, settledMs)));
      return synced;
    }
  }

  /** Forgets what was read last, and closes the connection and the file. */
  async close(): Promise<void> {
    await this.#disconnect();
    this.#replica?.close();
    this.#replica = null;
  }

  async #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#queue.then(work);
    this.#queue = turn.catch(() => undefined);
    return turn;
  }

  async #stepWithRetries(needed: NeededData, signal: AbortSignal | undefined): Promise<SyncedReplica> {
    if (this.#idle !== null) clearTimeout(this.#idle);
    for (let attempt = 1; ; attempt++) {
      if (signal?.aborted === true) throw new CancelledError(t`Reading the database`);
      const wasConnected = this.#connection?.isOpen === true;
      try {
        return await this.#step(needed, signal);
      } catch (error) {
        await this.#disconnect();
        // What was never reached is not asked again and again.
        const isCut = wasConnected || attempt > 1 || this.#facts !== null;
        if (!isCut || !isTransient(error) || attempt === mostAttempts) throw error;
        await new Promise((resolve) => setTimeout(resolve, retryPauseMs * attempt));
      } finally {
        this.#idle = setTimeout(() => void this.#inTurn(() => this.#disconnect()), idleMs);
        this.#idle.unref();
      }
    }
  }

  async #step(needed: NeededData, signal: AbortSignal | undefined): Promise<SyncedReplica> {
    const connection = await this.#connect(signal);
    return connection.abortable(signal, async () => {
      const quick = await this.#unchanged(connection, needed);
      if (quick !== null) return quick;
      this.#files ??= await this.#options.store.filesOf(this.#path);
      const letGo = await (this.#options.keepLocks?.() ?? keepLocks());
      try {
        // The lock comes before the snapshot, so that no replica goes back in time.
        const lock = await ReplicaLock.acquire(this.#files, this.#path, signal);
        try {
          return await this.#withLock(connection, this.#files, needed);
        } finally {
          lock.release();
        }
      } finally {
        letGo();
      }
    });
  }

  /** What was read last, where the server's state is still the same. */
  async #unchanged(connection: PostgresConnection, needed: NeededData): Promise<SyncedReplica | null> {
    const last = this.#last;
    if (!last?.needed.some((before) => covers(before, needed)) || this.#replica?.isThere !== true)
      return null;
    const snapshot = await begin(connection);
    await connection.commit();
    const facts = this.#facts;
    const isKnown = facts?.isStandby === snapshot.isStandby && Date.now() - facts.at < factsHoldMs;
    return isKnown && last.isSettled && snapshot.text === last.snapshot ? last.synced : null;
  }

  async #withLock(
    connection: PostgresConnection,
    files: ReplicaFiles,
    needed: NeededData,
  ): Promise<SyncedReplica> {
    const snapshot = await begin(connection);
    const server = await this.#serverFacts(connection, snapshot);
    this.#replica ??= new Replica(files);
    const synced = await this.#replica.sync({ connection, snapshot, server }, needed);
    await connection.commit();
    const isSame = this.#last?.snapshot === snapshot.text;
    const before = isSame ? (this.#last?.needed ?? []) : [];
    // A standby tells how far it has come a moment after what the transaction sees: by then it may have come further.
    const isSettled = !snapshot.isStandby || isSame;
    this.#last = synced.isComplete
      ? { snapshot: snapshot.text, synced, needed: [...before, needed].slice(-8), isSettled }
      : null;
    return synced;
  }

  async #connect(signal: AbortSignal | undefined): Promise<PostgresConnection> {
    if (this.#connection?.isOpen === true) return this.#connection;
    this.#last = null;
    // Another server, or another database of that name, may be there by now.
    this.#facts = null;
    const target = targetOf(this.#path, this.#password);
    this.#connection = await PostgresConnection.open(target, { isReadOnly: true, signal });
    return this.#connection;
  }

  /** A pooler can lead to another server with every transaction. */
  async #serverFacts(connection: PostgresConnection, { isStandby }: Snapshot): Promise<PostgresServer> {
    const known = this.#facts;
    const holds = known?.isStandby === isStandby && Date.now() - known.at < factsHoldMs;
    if (holds && !known.server.isPooled) return known.server;
    const server = await readServerFacts(connection);
    this.#facts = { server, at: Date.now(), isStandby };
    return server;
  }

  async #disconnect(): Promise<void> {
    const connection = this.#connection;
    this.#connection = null;
    this.#last = null;
    if (this.#facts !== null) this.#facts = { ...this.#facts, at: 0 };
    await connection?.close();
  }
}

async function begin(connection: PostgresConnection): Promise<Snapshot> {
  return snapshotOf(await connection.begin({ isReadOnly: true }, snapshotSql));
}

/** Whether what was needed before holds all that is needed now. */
function covers(before: NeededData, now: NeededData): boolean {
  if (now.size && !before.size) return false;
  if (before.events === 'all') return true;
  return now.events !== 'all' && now.events.every((table) => before.events.includes(table));
}

/** Whether the same may do with another connection. */
function isTransient(error: unknown): boolean {
  return error instanceof UserFacingError && (error.code === 'unreachable' || error.code === 'busy');
}
