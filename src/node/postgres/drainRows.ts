import { storedOptions, toStoredResult } from '../../core/drain/hygieneSession.ts';
import { resolveDrainOptions, type DrainOptions } from '../../core/drain/drainOptions.ts';
import type { DrainResult } from '../../core/drain/drainResult.ts';
import { UserFacingError } from '../../core/errors.ts';
import type { PostgresConnection } from './connection.ts';
import { drainTables, hasDrainTables } from './drainTables.ts';
import { bookResults } from './resultRows.ts';

const { drains, workers } = drainTables;

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

/** The drain that is under way; `null` where there is none. */
export async function runningDrainRow(connection: PostgresConnection): Promise<RunningDrain | null> {
  if (!(await hasDrainTables(connection))) return null;
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
    options: resolveDrainOptions(storedOptions.parse(JSON.parse(options ?? '{}'))),
    ...{ leaseMs: Number(leaseMs), pid: Number(pid), workers: Number(count) },
  };
}

/**
 * Makes the row of a new drain; `false` where there is one of that id. Throws `drain-running` where another is under way. In a
 * transaction.
 */
export async function addDrain(connection: PostgresConnection, drain: NewDrain): Promise<boolean> {
  await refuseRunning(connection);
  const added = await connection.run(
    `INSERT INTO ${drains} (id, database_id, executor, options, lease_ms, active_since)
     VALUES ($1, $2, $3, $4::jsonb, $5::float8, clock_timestamp()) ON CONFLICT (id) DO NOTHING`,
    rowOf(drain),
  );
  return added === 1;
}

/** Lets a drain go on that has stopped, or whose workers have died; like {@link addDrain}. */
export async function reopenDrain(connection: PostgresConnection, drain: ReopenedDrain): Promise<void> {
  if (await addDrain(connection, drain)) {
    await bookResults(connection, { drain: drain.id, worker: '0', fence: '0' }, drain.results);
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

/** Those who would begin go one by one. */
async function refuseRunning(connection: PostgresConnection): Promise<void> {
  await connection.run(`LOCK TABLE ${drains} IN SHARE ROW EXCLUSIVE MODE`);
  const running = await runningDrainRow(connection);
  if (running === null) return;
  const { id, host, pid, since, workers: count } = running;
  throw new UserFacingError(
    'drain-running',
    `Another drain of this database is under way: process ${pid} on ${host}, since ${since}, session ${id}, with ${count} worker${count === 1 ? '' : 's'}.`,
    `Wait for its end or cancel it; or take part in it: drain --join ${id}.`,
  );
}
