import { storedOptions } from '../../core/drain/hygieneSession.ts';
import { resolveDrainOptions, type DrainOptions } from '../../core/drain/drainOptions.ts';
import type { DrainResult } from '../../core/drain/drainResult.ts';
import { UserFacingError } from '../../core/errors.ts';
import { t } from '../../core/text/l10n.ts';
import type { PostgresConnection } from './connection.ts';
import { drainTables, hasDrainTables } from './drainTables.ts';
import { addResults, correctResults } from './resultRows.ts';

const { drains, workers, leases } = drainTables;

/** A drain that is new on the server. */
export interface NewDrain {
  readonly id: string;
  readonly databaseId: string;
  readonly executor: string;
  readonly options: DrainOptions;
  readonly leaseMs: number;
}

/** A drain that goes on. */
export interface ReopenedDrain extends NewDrain {
  /** What is known of it where the server does not know it. */
  readonly results: readonly DrainResult[];
  readonly isTrial: boolean;
  /** Which of the results, by their place, are no longer as the server knows them. */
  readonly corrected: readonly number[];
}

/** Whoever works on the drains of a database right now. */
export interface RunningDrain {
  readonly id: string;
  readonly executor: string;
  readonly options: DrainOptions;
  readonly leaseMs: number;
  /** The worker that has been at it for the longest time. */
  readonly host: string;
  readonly pid: number;
  /** ISO, UTC. */
  readonly since: string;
  /** Where the drain can be followed on that machine. */
  readonly endpoint: string | null;
  readonly workers: number;
}

/** Ends a statement over workers `w` of drains `d`: those that live. */
const isLive = `w.drain = d.id AND w.ended_at IS NULL
  AND w.seen_at > clock_timestamp() - d.lease_ms * interval '1 millisecond'`;

/**
 * The drain that is under way; `null` where there is none. With `isBeginning`, in a transaction, those who would begin one
 * go one by one.
 */
export async function runningDrainRow(
  connection: PostgresConnection,
  isBeginning = false,
): Promise<RunningDrain | null> {
  if (!(await hasDrainTables(connection))) return null;
  if (isBeginning) await connection.run(`LOCK TABLE ${drains} IN SHARE ROW EXCLUSIVE MODE`);
  const [row] = await connection.rows(
    `SELECT d.id, d.executor, d.options, d.lease_ms, w.host, w.pid,
            to_char(w.begun_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
            w.endpoint, count(*) FILTER (WHERE w.role = 'worker') OVER ()
     FROM ${drains} d JOIN ${workers} w ON ${isLive}
     ORDER BY w.id LIMIT 1`,
  );
  if (row === undefined) return null;
  const [id, executor, options, leaseMs, host, pid, since, endpoint = null, count] = row;
  return {
    ...{ id: id ?? '', executor: executor ?? '', host: host ?? '', since: since ?? '', endpoint },
    options: optionsFrom(options),
    ...{ leaseMs: Number(leaseMs), pid: Number(pid), workers: Number(count) },
  };
}

/** A drain that may be taken part in. */
export interface FoundDrain extends Omit<NewDrain, 'databaseId'> {
  readonly hasStopped: boolean;
  /** Whether a worker or the leader has renewed within the time of a lease. */
  readonly isAlive: boolean;
  /** Who began it; `null` where nobody has yet. */
  readonly begun: { readonly host: string; readonly pid: number } | null;
  /** Since anybody who takes part renewed, in ms. */
  readonly silentMs: number;
}

/** The drain of an id; `null` where there is none. */
export async function drainRow(connection: PostgresConnection, id: string): Promise<FoundDrain | null> {
  const [row] = await connection.rows(
    `SELECT d.executor, d.options, d.lease_ms, d.stop IS NOT NULL, EXISTS (SELECT 1 FROM ${workers} w WHERE ${isLive}),
       extract(epoch FROM clock_timestamp() - (SELECT max(seen_at) FROM ${workers} w WHERE w.drain = d.id)) * 1000,
       first.host, first.pid
     FROM ${drains} d
     LEFT JOIN LATERAL (SELECT host, pid FROM ${workers} w WHERE w.drain = d.id ORDER BY id LIMIT 1) first ON true
     WHERE d.id = $1`,
    [id],
  );
  if (row === undefined) return null;
  const [executor, options, leaseMs, stopped, alive, silentMs, host = null, pid] = row;
  return {
    ...{ id, executor: executor ?? '', options: optionsFrom(options), leaseMs: Number(leaseMs) },
    ...{ hasStopped: stopped === 't', isAlive: alive === 't', silentMs: Number(silentMs) },
    begun: host === null ? null : { host, pid: Number(pid) },
  };
}

function optionsFrom(text: string | null | undefined): DrainOptions {
  return resolveDrainOptions(storedOptions.parse(JSON.parse(text ?? '{}')));
}

/** Makes the row of a new drain. Throws `exists` where there is one of that id that is no retry of this. */
export async function addDrain(connection: PostgresConnection, drain: NewDrain): Promise<void> {
  if (await insertDrain(connection, drain)) return;
  throw new UserFacingError(
    'exists',
    t`The server has a drain ${drain.id} already, begun in the same second.`,
    t`Try again.`,
  );
}

async function insertDrain(connection: PostgresConnection, drain: NewDrain): Promise<boolean> {
  const added = await connection.run(
    `INSERT INTO ${drains} (id, database_id, executor, options, lease_ms, active_since)
     VALUES ($1, $2, $3, $4::jsonb, $5::float8, clock_timestamp()) ON CONFLICT (id) DO NOTHING`,
    rowOf(drain),
  );
  return added === 1;
}

/** Lets a drain go on that has stopped, or whose workers have died. */
export async function reopenDrain(connection: PostgresConnection, drain: ReopenedDrain): Promise<void> {
  if (await insertDrain(connection, drain)) {
    await addResults(connection, drain.id, drain.results);
  } else {
    await correctResults(connection, drain.id, drain.results, drain.corrected);
  }
  await connection.run(
    `UPDATE ${drains} SET database_id = $2, executor = $3, options = $4::jsonb, lease_ms = $5::float8, stop = NULL,
       is_paused = false, active_since = clock_timestamp(), trial_from = CASE WHEN $6::boolean THEN results END
     WHERE id = $1`,
    [...rowOf(drain), String(drain.isTrial)],
  );
}

function rowOf({ id, databaseId, executor, options, leaseMs }: NewDrain): string[] {
  return [id, databaseId, executor, JSON.stringify(options), String(leaseMs)];
}

/** Who takes part in a drain. */
export interface Participant {
  /** A leader executes nothing itself. */
  readonly role: 'worker' | 'leader';
  readonly host: string;
  readonly pid: number;
  /** What tells the process from all others, see `markOfProcess`. */
  readonly processMark?: string | null;
  readonly endpoint: string | null;
}

/** Makes the row of somebody who takes part, and gives its id. */
export async function addWorker(
  connection: PostgresConnection,
  drain: string,
  { role, host, pid, processMark = null, endpoint }: Participant,
): Promise<string> {
  const [[id] = []] = await connection.rows(
    `INSERT INTO ${workers} (drain, role, host, pid, process_mark, endpoint)
     VALUES ($1, $2, $3, $4::integer, $5, $6) RETURNING id`,
    [drain, role, host, String(pid), processMark, endpoint],
  );
  return id ?? '';
}

/** The row of somebody who takes part already: of an earlier try whose answer was lost. */
export async function workerRow(
  connection: PostgresConnection,
  drain: string,
  { host, pid, processMark = null }: Participant,
): Promise<string | null> {
  const [[id = null] = []] = await connection.rows(
    `SELECT id FROM ${workers} WHERE drain = $1 AND host = $2 AND pid = $3::integer
       AND process_mark IS NOT DISTINCT FROM $4 AND ended_at IS NULL ORDER BY id DESC LIMIT 1`,
    [drain, host, String(pid), processMark],
  );
  return id;
}

/** A worker's process, as its system knows it. */
export interface WorkerProcess {
  readonly pid: number;
  /** See `markOfProcess`. */
  readonly mark: string;
}

/**
 * Ends workers whose processes are gone, as whoever is in the same `space` knows (see `processSpace`); what they had leased is
 * free at once. Of other workers nobody here can tell: their leases run out.
 */
export async function markDeadWorkers(
  connection: PostgresConnection,
  space: string,
  isDead: (worker: WorkerProcess) => Promise<boolean>,
): Promise<void> {
  const rows = await connection.rows(
    `SELECT id, pid, process_mark FROM ${workers}
     WHERE left(process_mark, length($1::text)) = $1 AND ended_at IS NULL`,
    [`${space} `],
  );
  for (const [id = '', pid, mark] of rows) {
    if (!(await isDead({ pid: Number(pid), mark: mark ?? '' }))) continue;
    await connection.run(
      `WITH dead AS (UPDATE ${workers} SET ended_at = clock_timestamp() WHERE id = $1::bigint RETURNING id)
       UPDATE ${leases} SET expires_at = clock_timestamp() WHERE worker IN (SELECT id FROM dead) AND ended_at IS NULL`,
      [id],
    );
  }
}
