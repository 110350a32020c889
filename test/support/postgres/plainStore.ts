import type { DrainStorePort } from '../../../src/core/drain/drainPorts.ts';
import type { ClaimedPhase } from '../../../src/core/model/executionHost.ts';
import type { LeaseProof, PhaseKey } from '../../../src/core/model/phase.ts';
import type { PhaseSnapshot } from '../../../src/core/model/phaseObservation.ts';
import { requireLease } from '../../../src/node/postgres/leases.ts';
import type { RetryingConnection } from '../../../src/node/postgres/retryingConnection.ts';
import type { PostgresConnection } from '../../../src/node/postgres/connection.ts';

const columns = `phase_id, phase_index, state, builder_attempts, tokens_used, started_at, completed_at,
  last_failure_reason, xmin::text`;

/**
 * The store of a drain in plain statements, each write in one transaction with the lease required, as the product's writer
 * does it: for tests of what many workers come to, of which each would have to keep a replica otherwise.
 */
export function plainStore(
  connection: RetryingConnection,
  proofOf: (key: PhaseKey) => Promise<LeaseProof | null>,
): DrainStorePort {
  const identity = { id: 'test', role: 'seed', level: 'open', fileId: '1:1', lastSerial: 0 } as const;
  async function write<T>(key: PhaseKey, work: (each: PostgresConnection) => Promise<T>): Promise<T> {
    const proof = await proofOf(key);
    return connection.transaction(async (each) => {
      if (proof !== null) await requireLease(each, proof);
      return work(each);
    });
  }
  const become = (key: PhaseKey, from: string, state: string, reason: string | null): Promise<boolean> =>
    write(key, async (each) => {
      const sql = `UPDATE phases SET state = $4::phasestate, last_failure_reason = coalesce($5, last_failure_reason)
                   WHERE run_id = $1 AND phase_id = $2 AND state = $3::phasestate`;
      return (await each.run(sql, [key.runId, key.phaseId, from, state, reason])) === 1;
    });
  return {
    identity: () => Promise.resolve(identity),
    begin: () => Promise.resolve(1),
    end: () => Promise.resolve(1),
    async backlog() {
      const rows = await connection.do((each) =>
        each.rows(
          `SELECT id, run_id, phase_id, phase_index, state FROM phases WHERE state IN ('QUEUED', 'FAILED') ORDER BY id`,
        ),
      );
      return {
        ...{ databaseIsEmpty: false, hasTelemetryTable: true, isMigrated: true, runIsKnown: true },
        ...{ phaseStates: {}, otherQueued: [], refused: [] },
        candidates: rows.map(([id, runId = '', phaseId = '', index, state]) => ({
          ...{ runId: runId ?? '', phaseId: phaseId ?? '', rowId: Number(id), tierIndex: 0 },
          ...({
            phaseIndex: Number(index),
            state: state ?? '',
            failureClass: 'other',
            tokenCap: null,
          } as const),
        })),
      };
    },
    async observe({ runId, phaseId }) {
      const rows = await connection.do((each) =>
        each.rows(`SELECT ${columns} FROM phases WHERE run_id = $1 AND phase_id = $2`, [runId, phaseId]),
      );
      const marks = { estimation: 0, escalation: 0, usage: 0 };
      const [row] = rows;
      const phase = row === undefined ? null : snapshotOf(row);
      return { phase, siblings: [], marks, hasTelemetryTable: true, runRevision: null, yields: [] };
    },
    claim: (key) =>
      write(key, async (each): Promise<ClaimedPhase | null> => {
        const [row] = await each.rows(
          `UPDATE phases SET state = 'EXECUTING', builder_attempts = builder_attempts + 1, started_at = now()
           WHERE run_id = $1 AND phase_id = $2 AND state IN ('QUEUED', 'FAILED') RETURNING builder_attempts`,
          [key.runId, key.phaseId],
        );
        if (row === undefined) return null;
        const before = { phase: 'QUEUED', tier: null, run: null };
        const claim = {
          runId: key.runId,
          phaseId: key.phaseId,
          attempt: Number(row[0]),
          before,
          claimedAt: Date.now(),
        };
        return { ...claim, brief: {} as ClaimedPhase['brief'] };
      }),
    holds: () => Promise.resolve(true),
    settle: (claim, { state, reason }) =>
      write(claim, async (each) => {
        const sql = `UPDATE phases SET state = $4::phasestate, last_failure_reason = $5, completed_at = now()
                     WHERE run_id = $1 AND phase_id = $2 AND state = 'EXECUTING' AND builder_attempts = $3::integer`;
        const { runId, phaseId, attempt } = claim;
        if ((await each.run(sql, [runId, phaseId, String(attempt), state, reason])) === 0) return false;
        if (state === 'QUEUED') return true;
        await each.run(
          `INSERT INTO phase_outcome_events (run_id, phase_id, phase_outcome, timestamp)
           VALUES ($1, $2, $3::phase_outcome, now())`,
          [runId, phaseId, state === 'COMPLETE' ? 'SUCCESS' : 'FAILED'],
        );
        return true;
      }),
    fail: (key, reason, from) => become(key, from, 'FAILED', reason),
    requeue: (key, from) => become(key, from, 'QUEUED', null),
  };
}

function snapshotOf(row: readonly (string | null)[]): PhaseSnapshot {
  const [phaseId, index, state, attempts, tokens, startedAt = null, completedAt = null, reason = null, xmin] =
    row;
  return {
    ...{ phaseId: phaseId ?? '', phaseIndex: Number(index), tierIndex: 0, rowId: 0, state: state ?? '' },
    ...{ failureReason: reason, revision: xmin ?? '' },
    work: { attempts: [Number(attempts)], tokens: Number(tokens), startedAt, completedAt },
  };
}
