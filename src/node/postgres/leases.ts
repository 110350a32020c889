import type { LeaseProof, PhaseKey } from '../../core/model/phase.ts';
import { UserFacingError } from '../../core/errors.ts';
import { t } from '../../core/text/l10n.ts';
import type { PostgresConnection } from './connection.ts';
import { drainTables } from './drainTables.ts';
import { standstillMs } from './retryingConnection.ts';

const { drains, leases, workers, fences } = drainTables;

/** Who asks for a lease. */
export interface LeaseHolder {
  readonly drain: string;
  /** The id of the worker's row. */
  readonly worker: string;
  /** How long a lease lasts that is not renewed, in ms by the server's clock. */
  readonly leaseMs: number;
}

/**
 * Whether a row of leases may be given to somebody else. A phase that this drain has settled may be, to whoever knows of that
 * result: whether it is worth another attempt is judged by it.
 */
const isFree = (row: string): string => `(
  (${row}.ended_at IS NOT NULL AND (${row}.drain <> $1 OR ${row}.ended_at_result <= $5::bigint))
  OR (${row}.ended_at IS NULL AND ${row}.drain <> $1 AND ${row}.expires_at <= clock_timestamp()))`;

const until = "clock_timestamp() + $6::float8 * interval '1 millisecond'";

/** The first of the phases that are wanted, in their order, which nobody has and nobody is just taking. */
const claimStatement = `
  WITH chosen AS (
    SELECT p.run_id, p.phase_id
    FROM unnest($3::text[], $4::text[]) WITH ORDINALITY AS wanted (run_id, phase_id, position)
    JOIN phases p ON p.run_id = wanted.run_id AND p.phase_id = wanted.phase_id
    WHERE NOT EXISTS (SELECT 1 FROM ${leases} l
                      WHERE l.run_id = wanted.run_id AND l.phase_id = wanted.phase_id AND NOT ${isFree('l')})
    ORDER BY wanted.position LIMIT 1
    FOR NO KEY UPDATE OF p SKIP LOCKED)
  INSERT INTO ${leases} AS held (run_id, phase_id, drain, worker, fence, expires_at)
  SELECT chosen.run_id, chosen.phase_id, $1, $2::bigint, nextval('${fences}'), ${until}
  FROM chosen, ${drains} d
  WHERE d.id = $1 AND d.stop IS NULL AND NOT d.is_paused
  ON CONFLICT (run_id, phase_id) DO UPDATE
    SET drain = excluded.drain, worker = excluded.worker, fence = excluded.fence, taken_at = clock_timestamp(),
        expires_at = excluded.expires_at, ended_at = NULL, ended_at_result = NULL, in_flight = NULL
    WHERE ${isFree('held')}
  RETURNING run_id, phase_id, fence`;

/**
 * Leases the first of these phases that is free; `null` where none is. `knownResults` is the number of the last result that
 * the choice took into account.
 */
export async function claimLease(
  connection: PostgresConnection,
  { drain, worker, leaseMs }: LeaseHolder,
  wanted: readonly PhaseKey[],
  knownResults: number,
): Promise<LeaseProof | null> {
  const [row] = await connection.rows(claimStatement, [
    drain,
    worker,
    arrayOf(wanted.map(({ runId }) => runId)),
    arrayOf(wanted.map(({ phaseId }) => phaseId)),
    String(knownResults),
    String(leaseMs),
  ]);
  return row === undefined ? null : proofFrom(row);
}

/** A lease that was taken over, with what was noted of it and who had it. */
export interface ExpiredLease extends LeaseProof {
  /** JSON; `null` where its execution had not begun. */
  readonly inFlight: string | null;
  readonly from: string;
}

/** Takes over the lease of a drain that ran out first; `null` where there is none. */
export async function takeOverLease(
  connection: PostgresConnection,
  { drain, worker, leaseMs }: LeaseHolder,
): Promise<ExpiredLease | null> {
  const [row] = await connection.rows(
    `WITH dead AS (
       SELECT run_id, phase_id, worker FROM ${leases}
       WHERE drain = $1 AND ended_at IS NULL AND expires_at <= clock_timestamp()
       ORDER BY expires_at LIMIT 1
       FOR UPDATE SKIP LOCKED)
     UPDATE ${leases} l
     SET worker = $2::bigint, fence = nextval('${fences}'), taken_at = clock_timestamp(),
         expires_at = clock_timestamp() + $3::float8 * interval '1 millisecond'
     FROM dead JOIN ${workers} w ON w.id = dead.worker
     WHERE l.run_id = dead.run_id AND l.phase_id = dead.phase_id
     RETURNING l.run_id, l.phase_id, l.fence, l.in_flight, 'process ' || w.pid || ' on ' || w.host`,
    [drain, worker, String(leaseMs)],
  );
  if (row === undefined) return null;
  const [, , , inFlight = null, from] = row;
  return { ...proofFrom(row), inFlight, from: from ?? '' };
}

/** Renews leases of a worker, and says that it lives. The fences of those that it still has. */
export async function renewLeases(
  connection: PostgresConnection,
  { worker, leaseMs }: LeaseHolder,
  fencesHeld: readonly string[],
): Promise<string[]> {
  const rows = await connection.rows(
    `WITH seen AS (UPDATE ${workers} SET seen_at = clock_timestamp() WHERE id = $1::bigint)
     UPDATE ${leases} SET expires_at = clock_timestamp() + $2::float8 * interval '1 millisecond'
     WHERE worker = $1::bigint AND ended_at IS NULL AND fence = ANY ($3::bigint[])
     RETURNING fence`,
    [worker, String(leaseMs), arrayOf(fencesHeld)],
  );
  return rows.map(([fence]) => fence ?? '');
}

/** Notes what is executed under a lease. Throws `lease-lost`. */
export async function noteExecution(
  connection: PostgresConnection,
  proof: LeaseProof,
  inFlight: string,
): Promise<void> {
  const changed = await connection.run(
    `UPDATE ${leases} SET in_flight = $4::jsonb
     WHERE run_id = $1 AND phase_id = $2 AND fence = $3::bigint AND ended_at IS NULL`,
    [proof.runId, proof.phaseId, proof.fence, inFlight],
  );
  if (changed === 0) throw leaseLost(proof);
}

/** Ends a lease that is still held; the last result that whoever takes the phase next has to know of. */
export async function endLease(
  connection: PostgresConnection,
  { runId, phaseId, fence }: LeaseProof,
  lastResult: number,
): Promise<boolean> {
  const changed = await connection.run(
    `UPDATE ${leases} SET ended_at = clock_timestamp(), ended_at_result = $4::bigint, in_flight = NULL
     WHERE run_id = $1 AND phase_id = $2 AND fence = $3::bigint AND ended_at IS NULL`,
    [runId, phaseId, fence, String(lastResult)],
  );
  return changed === 1;
}

/**
 * To be called inside the transaction that changes a leased phase, before it does: holds the lease until that ends, so that
 * nobody takes it over meanwhile. Throws `lease-lost` where another has taken it over, where it was ended, and where it ran
 * out, so that a worker that was stopped past its lease changes nothing. The server ends a transaction that stands still in
 * the middle: who writes locks all others out.
 */
export async function requireLease(connection: PostgresConnection, proof: LeaseProof): Promise<void> {
  const { runId, phaseId, fence } = proof;
  await connection.run(`SET LOCAL idle_in_transaction_session_timeout = ${standstillMs}`);
  const rows = await connection.rows(
    `SELECT 1 FROM ${leases}
     WHERE run_id = $1 AND phase_id = $2 AND fence = $3::bigint AND ended_at IS NULL AND expires_at > clock_timestamp()
     FOR UPDATE`,
    [runId, phaseId, fence],
  );
  if (rows.length === 0) throw leaseLost(proof);
}

export function leaseLost({ phaseId, runId }: PhaseKey): UserFacingError {
  return new UserFacingError(
    'lease-lost',
    t`${phaseId} of ${runId} was not settled: its lease has run out, and another worker may have it.`,
    t`Nothing needs to be done: whoever has the phase now settles it.`,
  );
}

function proofFrom([runId, phaseId, fence]: readonly (string | null)[]): LeaseProof {
  return { runId: runId ?? '', phaseId: phaseId ?? '', fence: fence ?? '' };
}

/** An array as PostgreSQL reads it from text. */
function arrayOf(values: readonly string[]): string {
  return `{${values.map((value) => `"${value.replaceAll(/["\\]/g, String.raw`\$&`)}"`).join(',')}}`;
}
