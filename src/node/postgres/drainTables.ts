import { ownSchemaName } from '../../core/db/schema/postgresOwnSchema.ts';
import type { PostgresConnection } from './connection.ts';
import { grantAsForPhases, hasOwnSchema } from './ownSchema.ts';
import { inShortTransaction } from './retryingConnection.ts';

/** The tables of drains, as statements name them. */
export const drainTables = {
  /** One row for each drain: what bounds it, what it has spent, whether and why it ended. */
  drains: `${ownSchemaName}.drains`,
  /** Who takes part in a drain, or has. */
  workers: `${ownSchemaName}.workers`,
  /** Who executes a phase, or was the last to do so. */
  leases: `${ownSchemaName}.leases`,
  /** What executions came to, in the order in which they were settled. */
  results: `${ownSchemaName}.results`,
  /** Grows with each lease, so that of two the later is known. */
  fences: `${ownSchemaName}.fences`,
} as const;

const { drains, workers, leases, results, fences } = drainTables;

/** What makes them; run again, it does nothing. Times are of the server's clock, amounts in US dollars. */
const statements = [
  `CREATE SEQUENCE IF NOT EXISTS ${fences} AS bigint`,
  `CREATE TABLE IF NOT EXISTS ${drains} (
     id text PRIMARY KEY,
     database_id text NOT NULL,
     executor text NOT NULL,
     options jsonb NOT NULL,
     lease_ms double precision NOT NULL,
     begun_at timestamptz NOT NULL DEFAULT clock_timestamp(),
     active_ms double precision NOT NULL DEFAULT 0,
     active_since timestamptz,
     is_paused boolean NOT NULL DEFAULT false,
     trial_from bigint,
     results bigint NOT NULL DEFAULT 0,
     succeeded bigint NOT NULL DEFAULT 0,
     taken bigint NOT NULL DEFAULT 0,
     tokens bigint NOT NULL DEFAULT 0,
     cost double precision NOT NULL DEFAULT 0,
     stop jsonb) WITH (fillfactor = 50)`,
  `CREATE TABLE IF NOT EXISTS ${workers} (
     id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
     drain text NOT NULL REFERENCES ${drains},
     role text NOT NULL,
     host text NOT NULL,
     pid integer NOT NULL,
     process_mark text,
     endpoint text,
     begun_at timestamptz NOT NULL DEFAULT clock_timestamp(),
     seen_at timestamptz NOT NULL DEFAULT clock_timestamp(),
     ended_at timestamptz,
     stop jsonb) WITH (fillfactor = 50)`,
  `CREATE INDEX IF NOT EXISTS workers_of_drain ON ${workers} (drain)`,
  `CREATE TABLE IF NOT EXISTS ${leases} (
     run_id text NOT NULL,
     phase_id text NOT NULL,
     drain text NOT NULL,
     worker bigint NOT NULL,
     fence bigint NOT NULL,
     taken_at timestamptz NOT NULL DEFAULT clock_timestamp(),
     expires_at timestamptz NOT NULL,
     ended_at timestamptz,
     ended_at_result bigint,
     in_flight jsonb,
     PRIMARY KEY (run_id, phase_id)) WITH (fillfactor = 70)`,
  `CREATE INDEX IF NOT EXISTS leases_held ON ${leases} (drain) WHERE ended_at IS NULL`,
  `CREATE TABLE IF NOT EXISTS ${results} (
     drain text NOT NULL,
     number bigint NOT NULL,
     worker bigint NOT NULL,
     fence bigint NOT NULL,
     result jsonb NOT NULL,
     PRIMARY KEY (drain, number))`,
  `CREATE INDEX IF NOT EXISTS results_of_lease ON ${results} (drain, fence)`,
];

/** Whoever may read or change Autopack's phases may see, or take part in, what is done with them. */
function grants(right: 'SELECT' | 'UPDATE'): string[] {
  const tables = [drains, workers, leases, results].join(', ');
  return right === 'UPDATE'
    ? [`SELECT, INSERT, UPDATE ON ${tables}`, `USAGE ON SEQUENCE ${fences}`]
    : [`SELECT ON ${tables}`];
}

/** Any number that no other program takes for the same: who makes our tables waits for whoever does so already. */
const makingLock = 7_042_611_830;

/** Whether the tables of drains are there. */
export async function hasDrainTables(connection: PostgresConnection): Promise<boolean> {
  const [[found] = []] = await connection.rows('SELECT to_regclass($1)', [results]);
  return found != null;
}

/** Makes the tables of drains where they are not there. Throws what the connection throws, `no-permission` for one. */
export async function makeDrainTables(connection: PostgresConnection): Promise<void> {
  if (await hasDrainTables(connection)) return;
  await inShortTransaction(connection, async () => {
    await connection.rows('SELECT pg_advisory_xact_lock($1)', [String(makingLock)]);
    // To make one that is there takes a right that nobody needs for the tables.
    if (!(await hasOwnSchema(connection))) await connection.run(`CREATE SCHEMA ${ownSchemaName}`);
    for (const statement of statements) await connection.run(statement);
    await grantAsForPhases(connection, grants);
  });
}
