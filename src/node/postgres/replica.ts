import { renameSync, statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { plainPostgresPath } from '../../core/db/postgresUrl.ts';
import type { DatabaseFile, PostgresServer } from '../../core/model/databaseFacts.ts';
import { fileError } from '../system/fileError.ts';
import type { SnapshotVersion } from '../../core/db/snapshot/sourceFiles.ts';
import { readCatalog, type Catalog, type CatalogTable } from './catalog.ts';
import type { PostgresConnection } from './connection.ts';
import { indexStatements, replicaStatements } from './replicaSchema.ts';
import { createPrivate, refuseLinks, removeReplica, type ReplicaFiles } from './replicaStore.ts';
import {
  isStateOf,
  newState,
  readState,
  writeState,
  type EventCounters,
  type ReplicaState,
  type Snapshot,
} from './replicaState.ts';
import { readDatabaseSize } from './serverFacts.ts';
import { EventsSync, eventsTables, noEvents, readCounters, type EventsTable } from './syncEvents.ts';
import { countRows, syncRows } from './syncRows.ts';

/** What a question is answered from, besides the small tables, which are always up to date. */
export interface NeededData {
  /** Which tables of events are read: these, or all there are. */
  readonly events: 'all' | readonly string[];
  /** Whether the size of the database is told: the server looks at each of its files for it. */
  readonly size: boolean;
}

/** What a replica is brought up to: an open transaction and what was asked in it. */
export interface SyncSource {
  /** In a transaction, of which `snapshot` is the snapshot. */
  readonly connection: PostgresConnection;
  readonly snapshot: Snapshot;
  readonly server: PostgresServer;
}

/** A replica after a step, with what answers from it say of the database. */
export interface SyncedReplica {
  /** The SQLite file; absolute. */
  readonly path: string;
  /** What takes the place of the facts of the SQLite file. */
  readonly file: DatabaseFile;
  readonly version: SnapshotVersion;
  /** Whether all that is needed is there; otherwise another step is to follow, in a transaction of its own. */
  readonly isComplete: boolean;
  /** When the file was last written, in ms since the epoch; 0 where this step has not. */
  readonly writtenAt: number;
  readonly catalog: Catalog;
}

/** How many events are copied in one step, during which nobody else can use the replica. */
const rowsAtOnce = 150_000;
/** The state is written without any change this often, so that what is looked at does not grow; in ms. */
const saveEveryMs = 300_000;

/**
 * The private SQLite copy of a PostgreSQL database. Used by whoever has its {@link ReplicaLock}: take the lock, then begin the
 * transaction on the server, then {@link sync}, so that a replica never goes back in time.
 */
export class Replica {
  readonly #files: ReplicaFiles;
  #db: DatabaseSync | null = null;
  #inode = 0n;

  constructor(files: ReplicaFiles) {
    this.#files = files;
  }

  /**
   * Brings the replica up to a snapshot, in a transaction of SQLite of its own that is committed when this returns. A
   * replica of something else is made anew. Repeat it in a new transaction until it `isComplete`. Throws what the server
   * says, `disk-full`, `no-permission`.
   */
  async sync(source: SyncSource, needed: NeededData): Promise<SyncedReplica> {
    const catalog = await readCatalog(source.connection);
    const db = this.#open();
    const state = db === null ? null : readState(db);
    try {
      if (db === null || state === null || !isStateOf(state, source, catalog.signature))
        return await this.#make(source, catalog);
      const synced = await inTransaction(db, () => this.#step(db, source, catalog, state, needed));
      return { ...synced, writtenAt: synced.writtenAt === 0 ? 0 : Date.now() };
    } catch (error) {
      if (isDamaged(error)) {
        this.close();
        await removeReplica(this.#files.database);
      }
      throw fileError(error, this.#files.database);
    }
  }

  /** Whether the file that was written last still lies there, and not one made anew. While it is open, none gets its number. */
  get isThere(): boolean {
    const { database } = this.#files;
    const sizeOfJournal = statSync(`${database}-journal`, { throwIfNoEntry: false })?.size ?? 0;
    // One that was left behind by a process that was killed is taken back by who has the lock.
    if (this.#db === null || sizeOfJournal > 0) return false;
    return statSync(database, { bigint: true, throwIfNoEntry: false })?.ino === this.#inode;
  }

  /** Lets go of the file. */
  close(): void {
    this.#db?.close();
    this.#db = null;
  }

  /** The file as it lies there now: another process may have made it anew. */
  #open(): DatabaseSync | null {
    const { database } = this.#files;
    const stats = statSync(database, { bigint: true, throwIfNoEntry: false });
    if (this.#db !== null && stats?.ino === this.#inode) return this.#db;
    this.close();
    if (stats === undefined) return null;
    refuseLinks(database);
    this.#db = openDatabase(database);
    this.#inode = stats.ino;
    return this.#db;
  }

  /** Makes a replica with the small tables, beside the one there may be, and puts it in its place. */
  async #make(source: SyncSource, catalog: Catalog): Promise<SyncedReplica> {
    const { database, draft } = this.#files;
    this.close();
    await removeReplica(draft);
    await createPrivate(draft);
    const db = openDatabase(draft);
    let synced: SyncedReplica;
    try {
      synced = await inTransaction(db, async () => {
        for (const sql of replicaStatements(catalog)) db.exec(sql);
        return this.#step(db, source, catalog, newState(source, catalog.signature), {
          events: [],
          size: false,
        });
      });
    } finally {
      db.close();
    }
    await removeReplica(database);
    renameSync(draft, database);
    return { ...synced, isComplete: false };
  }

  async #step(
    db: DatabaseSync,
    source: SyncSource,
    catalog: Catalog,
    before: ReplicaState,
    needed: NeededData,
  ): Promise<SyncedReplica> {
    const { connection, snapshot } = source;
    const events = eventsTables(catalog.tables);
    const isEvents = new Set(events.map(({ table }) => table.name));
    const small = await this.#syncSmall(
      db,
      connection,
      catalog.tables.filter(({ name }) => !isEvents.has(name)),
      before,
    );
    const counters = await readCounters(connection, events);
    const large = await this.#syncEvents(db, source, events, counters, small, needed.events);
    const isChanged = small.isChanged || large.isChanged || before.snapshot === null;
    const now = Date.now();
    const token = tokenOf(counters);
    const isMoved = isChanged || token !== before.counters;
    const state: ReplicaState = {
      ...before,
      revision: before.revision + (isChanged ? 1 : 0),
      changedAt: isMoved ? now : before.changedAt,
      counters: token,
      tables: { ...small.tables, ...large.tables },
      snapshot,
      savedAt: now,
    };
    const isWritten = isMoved || large.isMoved || now - before.savedAt > saveEveryMs;
    if (isWritten) writeState(db, state);
    const size = needed.size ? await readDatabaseSize(connection) : 0;
    return {
      path: this.#files.database,
      file: fileOf(source, state, size),
      version: { token: `${state.generation} ${state.revision} ${token}`, fileId: state.fileId },
      isComplete: large.isComplete,
      writtenAt: isWritten ? now : 0,
      catalog,
    };
  }

  async #syncSmall(
    db: DatabaseSync,
    connection: PostgresConnection,
    tables: readonly CatalogTable[],
    before: ReplicaState,
  ) {
    const since = before.snapshot?.xmin ?? null;
    const counts = await countRows(connection, tables, since);
    const states: ReplicaState['tables'] = { ...before.tables };
    let isChanged = false;
    let deletedRuns: readonly string[] = [];
    for (const table of tables) {
      const known = states[table.name];
      const rows = known?.kind === 'rows' ? known.rows : -1;
      const count = counts.get(table.name) ?? { rows: 0, written: 0 };
      const synced = await syncRows(connection, db, table, count, { rows, since });
      isChanged ||= synced.isChanged;
      if (table.name === 'runs') deletedRuns = synced.deletedIds;
      if (since === null) for (const sql of indexStatements(table)) db.exec(sql);
      states[table.name] = { kind: 'rows', rows: synced.rows };
    }
    return { tables: states, isChanged, deletedRuns, since };
  }

  /** Tables that are loaded are kept up with the others, so that every state of the file is one of the server. */
  async #syncEvents(
    db: DatabaseSync,
    { connection, snapshot }: SyncSource,
    events: readonly EventsTable[],
    counters: ReadonlyMap<string, EventCounters>,
    small: {
      readonly tables: ReplicaState['tables'];
      readonly deletedRuns: readonly string[];
      readonly since: string | null;
    },
    needed: NeededData['events'],
  ) {
    const states: ReplicaState['tables'] = {};
    let [isChanged, isMoved, isComplete] = [false, false, true];
    let rowsLeft = rowsAtOnce;
    for (const each of events) {
      const { name } = each.table;
      const known = small.tables[name];
      const before = known?.kind === 'events' ? known : noEvents;
      const count = counters.get(name);
      states[name] = before;
      if (count === undefined) continue;
      const sync = new EventsSync(connection, db, each, snapshot, count);
      if (before.isLoaded) {
        const updated = await sync.update(before, small.deletedRuns, small.since ?? snapshot.xmin);
        isChanged ||= updated.isChanged;
        isMoved ||= updated.state !== before;
        states[name] = updated.state;
      } else if (needed === 'all' || needed.includes(name)) {
        let isLoaded = false;
        if (rowsLeft > 0) {
          const loaded = await sync.load(before, rowsLeft);
          rowsLeft -= loaded.copied;
          states[name] = loaded.state;
          isLoaded = loaded.state.isLoaded;
          isMoved = true;
        }
        isComplete &&= isLoaded;
      }
    }
    return { tables: states, isChanged, isMoved, isComplete };
  }
}

function openDatabase(path: string): DatabaseSync {
  const db = new DatabaseSync(path, { timeout: 10_000, enableForeignKeyConstraints: false });
  // A rollback journal: what is committed lies in one file, which several threads can read.
  db.exec('PRAGMA journal_mode = TRUNCATE; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -16384');
  return db;
}

async function inTransaction<T>(db: DatabaseSync, work: () => Promise<T>): Promise<T> {
  db.exec('BEGIN IMMEDIATE');
  try {
    const result = await work();
    db.exec('COMMIT');
    return result;
  } catch (error) {
    if (db.isTransaction) db.exec('ROLLBACK');
    throw error;
  }
}

function isDamaged(error: unknown): boolean {
  return (
    error instanceof Error && /malformed|not a database|no such table|no column named/.test(error.message)
  );
}

function tokenOf(counters: ReadonlyMap<string, EventCounters>): string {
  return [...counters.values()]
    .map(({ maxId, updated, deleted, fileNode }) => `${maxId}.${updated}.${deleted}.${fileNode}`)
    .join(' ');
}

function fileOf({ connection, server }: SyncSource, state: ReplicaState, sizeBytes: number): DatabaseFile {
  return {
    path: plainPostgresPath(connection.location.path),
    sizeBytes,
    modifiedAt: state.changedAt,
    journalMode: 'server',
    fileId: state.fileId,
    server,
  };
}
