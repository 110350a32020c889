import type { DatabaseSync } from 'node:sqlite';
import { quoted } from '../../core/db/foreignKeys.ts';
import type { CatalogTable } from './catalog.ts';
import type { PostgresConnection } from './connection.ts';
import { indexStatements, integerKey } from './replicaSchema.ts';
import {
  isDistinguishable,
  writtenSince,
  type EventCounters,
  type EventsState,
  type Snapshot,
} from './replicaState.ts';
import { copyRows, countRows, syncRows } from './syncRows.ts';

/** A large table, to which rows are added and of which hardly any is changed. */
export interface EventsTable {
  readonly table: CatalogTable;
  readonly key: string;
}

/** A step of bringing events up to the server's. */
export interface SyncedEvents {
  readonly state: EventsState;
  /** How many rows were copied. */
  readonly copied: number;
}

/** What a state has of a table before any of its rows was copied. */
export const noEvents: EventsState = {
  kind: 'events',
  isLoaded: false,
  lastId: 0,
  safeId: 0,
  pending: [],
  since: null,
  counters: null,
  comparedAt: 0,
};

/** Ids are given out before the transaction that uses them has a number, so that some may come a little late; in rows. */
const lateIds = 1000;
/** And in ms. */
const lateMs = 10_000;
/** A transaction that is open for longer is not waited for: should it have events, the server's counters tell. In ms. */
const longestPendingMs = 120_000;
const mostPending = 20;
/** How often everything is compared where only the counters hint that something is missing; in ms. */
const comparePauseMs = 300_000;
/** The same on a standby, whose counters tell nothing. */
const standbyPauseMs = 60_000;

/** Those of some tables that are kept as events: by name, with one integer as their key. */
export function eventsTables(tables: readonly CatalogTable[]): EventsTable[] {
  return tables.flatMap((table) => {
    const key = integerKey(table);
    return key !== null && /_(?:events|metrics)$/.test(table.name) ? [{ table, key }] : [];
  });
}

/** What the server counts of tables, with one query that reads no rows. */
export async function readCounters(
  connection: PostgresConnection,
  tables: readonly EventsTable[],
): Promise<ReadonlyMap<string, EventCounters>> {
  if (tables.length === 0) return new Map();
  const parts = tables.map(
    ({ table: { oid, serverName }, key }, index) =>
      `SELECT ${index}, coalesce((SELECT max(${quoted(key)}) FROM ${serverName}), 0), pg_stat_get_tuples_inserted(${oid}),
        pg_stat_get_tuples_updated(${oid}), pg_stat_get_tuples_deleted(${oid}), pg_relation_filenode(${oid})`,
  );
  const found = await connection.rows(parts.join(' UNION ALL '));
  return new Map(
    found.map(([index, maxId, inserted, updated, deleted, fileNode]) => [
      tables[Number(index)]?.table.name ?? '',
      {
        maxId: Number(maxId),
        inserted: Number(inserted),
        updated: Number(updated),
        deleted: Number(deleted),
        fileNode: fileNode ?? '',
      },
    ]),
  );
}

/** One table of events, in one transaction of the server and of SQLite. */
export class EventsSync {
  readonly #connection: PostgresConnection;
  readonly #db: DatabaseSync;
  readonly #events: EventsTable;
  readonly #snapshot: Snapshot;
  readonly #counters: EventCounters;

  constructor(
    connection: PostgresConnection,
    db: DatabaseSync,
    events: EventsTable,
    snapshot: Snapshot,
    counters: EventCounters,
  ) {
    this.#connection = connection;
    this.#db = db;
    this.#events = events;
    this.#snapshot = snapshot;
    this.#counters = counters;
  }

  /** Copies at most `mostRows` of those that are not there yet; whoever calls it commits, and goes on until all are. */
  async load(before: EventsState, mostRows: number): Promise<SyncedEvents> {
    const isFirst = before.since === null;
    const begun = isFirst ? this.#begun(before) : before;
    const key = quoted(this.#events.key);
    const condition = `${key} > ${begun.lastId} ORDER BY ${key} LIMIT ${mostRows}`;
    const { read: copied } = await copyRows(this.#connection, this.#db, this.#events.table, condition);
    const state = { ...begun, lastId: this.#lastId() };
    if (copied >= mostRows) return { state, copied };
    // What was copied in steps was so of states that have passed.
    const whole = isFirst ? state : await this.#compare(state);
    for (const sql of indexStatements(this.#events.table)) this.#db.exec(sql);
    return { state: this.#noted({ ...whole, isLoaded: true }), copied };
  }

  /** Brings a table that is loaded up to the server's. `deletedRuns` are the runs that are gone since. */
  async update(
    before: EventsState,
    deletedRuns: readonly string[],
    lastSeen: string,
  ): Promise<SyncedEvents & { readonly isChanged: boolean }> {
    const rows = deletedRuns.length === 0 ? 0 : await this.#deleteOf(deletedRuns);
    if (this.#isToBeCompared(before)) {
      const state = this.#noted(await this.#compare(before));
      return { state, copied: 0, isChanged: true };
    }
    const { maxId } = this.#counters;
    if (maxId === before.lastId && before.pending.length === 0)
      return { state: before, copied: 0, isChanged: rows > 0 };
    const key = quoted(this.#events.key);
    const from = Math.max(before.safeId - lateIds, 0);
    const condition = `${key} > ${from} AND ${writtenSince(lastSeen)}`;
    const { read, changed } = await copyRows(this.#connection, this.#db, this.#events.table, condition);
    const state = this.#noted({ ...before, lastId: this.#lastId() });
    return { state, copied: read, isChanged: rows > 0 || changed > 0 };
  }

  #begun(before: EventsState): EventsState {
    const { xmin, xmax } = this.#snapshot;
    const now = Date.now();
    const pending = [{ xmax, id: this.#counters.maxId, at: now }];
    return { ...before, since: xmin, counters: this.#counters, comparedAt: now, pending };
  }

  /** Whether rows were changed or deleted, or came in below the ids that are looked at. */
  #isToBeCompared({ counters, comparedAt, lastId, since }: EventsState): boolean {
    if (counters === null || (since !== null && !isDistinguishable(since, this.#snapshot.xmax))) return true;
    const now = this.#counters;
    const elapsed = Date.now() - comparedAt;
    if (this.#snapshot.isStandby) return elapsed > standbyPauseMs;
    return (
      now.updated !== counters.updated ||
      now.deleted !== counters.deleted ||
      now.fileNode !== counters.fileNode ||
      now.maxId < lastId ||
      // Also rows of transactions that were rolled back are counted, so that this is a hint alone.
      (elapsed > comparePauseMs && now.inserted - counters.inserted !== now.maxId - counters.maxId)
    );
  }

  async #compare(state: EventsState): Promise<EventsState> {
    const { table } = this.#events;
    const { since: seen } = state;
    const since = seen !== null && isDistinguishable(seen, this.#snapshot.xmax) ? seen : null;
    const counts = (await countRows(this.#connection, [table], since)).get(table.name);
    if (counts !== undefined) await syncRows(this.#connection, this.#db, table, counts, { rows: -1, since });
    const { xmin } = this.#snapshot;
    return {
      ...state,
      since: xmin,
      counters: this.#counters,
      comparedAt: Date.now(),
      lastId: this.#lastId(),
    };
  }

  /** Notes the ids of this snapshot, and which noted before are safe by now. */
  #noted(state: EventsState): EventsState {
    const now = Date.now();
    const { xmin, xmax } = this.#snapshot;
    const isPast = ({ xmax: passed, at }: EventsState['pending'][number]): boolean =>
      (BigInt(xmin) >= BigInt(passed) && now - at > lateMs) || now - at > longestPendingMs;
    const { lastId } = state;
    const last = state.pending.at(-1);
    const pending =
      lastId > Math.max(state.safeId, last?.id ?? 0)
        ? [...state.pending.slice(-mostPending), { xmax, id: lastId, at: now }]
        : state.pending;
    const safeId = Math.max(state.safeId, ...pending.filter(isPast).map(({ id }) => id));
    return { ...state, safeId, pending: pending.filter((each) => !isPast(each)) };
  }

  #lastId(): number {
    const { key, table } = this.#events;
    const sql = `SELECT coalesce(max(${quoted(key)}), 0) AS id FROM ${quoted(table.name)}`;
    return Number(this.#db.prepare(sql).get()?.id);
  }

  /** Where the server let the events of a run go with it, they go here; others, which only name the run, stay. */
  async #deleteOf(runs: readonly string[]): Promise<number> {
    const { key, table } = this.#events;
    if (!table.columns.some(({ name }) => name === 'run_id')) return 0;
    const ids = JSON.stringify(runs);
    const left = await this.#connection.rows(
      `SELECT ${quoted(key)} FROM ${table.serverName}
       WHERE run_id IN (SELECT json_array_elements_text($1::json))`,
      [ids],
    );
    const sql = `DELETE FROM ${quoted(table.name)} WHERE run_id IN (SELECT value FROM json_each(?))
                 AND ${quoted(key)} NOT IN (SELECT value FROM json_each(?))`;
    const kept = JSON.stringify(left.map(([id]) => Number(id)));
    return Number(this.#db.prepare(sql).run(ids, kept).changes);
  }
}
