import { randomBytes } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import * as z from 'zod';
import { replicaStateTable } from '../../core/db/tolerantSchema.ts';
import type { PostgresServer } from '../../core/model/databaseFacts.ts';
import { serverFileId } from './serverFacts.ts';

/** What a transaction of the server sees. */
export interface Snapshot {
  /** All transactions before this one had ended. 64 bits, in decimal. */
  readonly xmin: string;
  /** None from this one on had. */
  readonly xmax: string;
  /** Equal texts mean that the same rows are seen. */
  readonly text: string;
  /** The server replays what another does; its counters of changes tell nothing. */
  readonly isStandby: boolean;
  /** When the server was started: what answers after that may be a copy of the data folder that went its own way. */
  readonly serverStart: string;
}

/** Asked first in a transaction. A standby does not tell which transactions are open, but how far it has come. */
export const snapshotSql = `SELECT pg_current_snapshot()::text, pg_is_in_recovery(),
  CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn()::text END,
  extract(epoch FROM pg_postmaster_start_time())::text`;

/** Reads the row of {@link snapshotSql}. */
export function snapshotOf([row = []]: readonly (readonly (string | null)[])[]): Snapshot {
  const [text, standby, replayed, serverStart] = row;
  const [xmin = '0', xmax = '0'] = (text ?? '').split(':');
  const seen = `${text ?? ''} ${replayed ?? ''}`.trim();
  return { xmin, xmax, text: seen, isStandby: standby === 't', serverStart: serverStart ?? '' };
}

/** A transaction's number as the 32 bits that `xmin` of a row has; 1 and 2 stand for something else. */
function rowXid(xid: string): string {
  const low = BigInt(xid) & 0xffff_ffffn;
  return String(low < 3n ? 3n : low);
}

/** Whether rows written since a transaction are told from older ones: their numbers are, within half of the range of 32 bits. */
export function isDistinguishable(since: string, xmax: string): boolean {
  return BigInt(xmax) - BigInt(since) < 1_000_000_000n;
}

/** The condition of rows that were written by a transaction from this one on; all of them without one. */
export function writtenSince(xid: string | null): string {
  return xid === null ? 'true' : `age(xmin) <= age('${rowXid(xid)}'::xid)`;
}

const rowsState = z.object({ kind: z.literal('rows'), rows: z.number() });

/** How many changes the server counts in a table since its counters began, and where the table lies. */
const counters = z.object({
  maxId: z.number(),
  inserted: z.number(),
  updated: z.number(),
  deleted: z.number(),
  fileNode: z.string(),
});
export type EventCounters = z.infer<typeof counters>;

const eventsState = z.object({
  kind: z.literal('events'),
  /** Whether all of them are there, and kept up; they are copied with the first request that reads them. */
  isLoaded: z.boolean(),
  /** The greatest id that was copied. */
  lastId: z.number(),
  /** No row with this id or a smaller one can appear any more. */
  safeId: z.number(),
  /** Ids that are safe once every transaction that was open has ended; `at` in ms since the epoch. */
  pending: z.array(z.object({ xmax: z.string(), id: z.number(), at: z.number() })),
  /** Rows written by a transaction from here on were not looked at, apart from new ids. */
  since: z.string().nullable(),
  counters: counters.nullable(),
  /** When everything was last compared, in ms since the epoch. */
  comparedAt: z.number(),
});
export type EventsState = z.infer<typeof eventsState>;

const replicaState = z.object({
  format: z.literal(1),
  /** Of which server and database: `<system identifier>:<database oid>`. */
  fileId: z.string(),
  timeline: z.number().nullable(),
  /** See `Snapshot`. */
  serverStart: z.string(),
  user: z.string(),
  /** Of the catalog. */
  signature: z.string(),
  /** Random: tells this replica from one that was made before or will be after. */
  generation: z.string(),
  /** Grows with every change of rows. */
  revision: z.number(),
  /** When a change was last seen, in ms since the epoch. */
  changedAt: z.number(),
  /** What the server counted in tables of events, loaded or not. */
  counters: z.string(),
  /** When this was written, in ms since the epoch. */
  savedAt: z.number(),
  snapshot: z.object({ xmin: z.string(), xmax: z.string() }).nullable(),
  tables: z.record(z.string(), z.discriminatedUnion('kind', [rowsState, eventsState])),
});
/** What a replica is a replica of, and how far it has come. */
export type ReplicaState = z.infer<typeof replicaState>;

/** Reads the state of a replica; `null` where there is none that makes sense, so that the replica is made anew. */
export function readState(db: DatabaseSync): ReplicaState | null {
  try {
    const row = db.prepare(`SELECT state FROM ${replicaStateTable}`).get();
    return replicaState.parse(JSON.parse(String(row?.state)));
  } catch {
    return null;
  }
}

export function writeState(db: DatabaseSync, state: ReplicaState): void {
  db.prepare(`INSERT OR REPLACE INTO ${replicaStateTable} (only_row, state) VALUES (1, ?)`).run(
    JSON.stringify(state),
  );
}

/** Whether a replica is one of this database as it is now, and not ahead of it, as it is of a restored or older server. */
export function isStateOf(
  state: ReplicaState,
  { server, snapshot }: { readonly server: PostgresServer; readonly snapshot: Snapshot },
  signature: string,
): boolean {
  const { snapshot: last } = state;
  return (
    state.fileId === serverFileId(server) &&
    state.timeline === server.timeline &&
    state.serverStart === snapshot.serverStart &&
    state.user === server.user &&
    state.signature === signature &&
    last !== null &&
    BigInt(snapshot.xmin) >= BigInt(last.xmin) &&
    BigInt(snapshot.xmax) >= BigInt(last.xmax) &&
    isDistinguishable(last.xmin, snapshot.xmax)
  );
}

/** The state of a replica that is still empty. */
export function newState(
  { server, snapshot }: { readonly server: PostgresServer; readonly snapshot: Snapshot },
  signature: string,
): ReplicaState {
  return {
    format: 1,
    fileId: serverFileId(server),
    timeline: server.timeline,
    serverStart: snapshot.serverStart,
    user: server.user,
    signature,
    generation: randomBytes(6).toString('hex'),
    revision: 0,
    changedAt: Date.now(),
    counters: '',
    savedAt: 0,
    snapshot: null,
    tables: {},
  };
}
