import * as z from 'zod';
import { drainStopKinds } from '../../core/drain/drainSummary.ts';
import type { ExplainedStop } from '../../core/drain/drainStops.ts';
import type { SharedState } from '../../core/drain/sharedDrain.ts';
import { UserFacingError } from '../../core/errors.ts';
import { t } from '../../core/text/l10n.ts';
import type { PostgresConnection } from './connection.ts';
import { drainTables } from './drainTables.ts';
import { resultList, resultsFrom } from './resultRows.ts';

const { drains, workers, leases } = drainTables;

/** How a drain stands, and how many results it has in all. */
export type DrainFacts = SharedState & {
  readonly lastResult: number;
  /** How many count towards the batch. */
  readonly taken: number;
};

const storedStop = z.object({
  kind: z.enum(drainStopKinds),
  message: z.string(),
  complete: z.boolean(),
  nextStep: z.string().nullable(),
}) satisfies z.ZodType<ExplainedStop>;

const heldLease = z.object({ run: z.string(), phase: z.string(), worker: z.number(), heldMs: z.number() });
const knownWorker = z.object({
  id: z.number(),
  number: z.number(),
  role: z.string(),
  host: z.string(),
  pid: z.number(),
  isAlive: z.boolean(),
});

const msSince = (column: string): string => `extract(epoch FROM clock_timestamp() - ${column}) * 1000`;

/**
 * How a drain stands, all of one moment, with the results above the number `known`. `now` is ms since the epoch by our clock. Throws
 * `not-found`.
 */
export async function readDrainFacts(
  connection: PostgresConnection,
  drain: string,
  known: number,
  now: number,
): Promise<DrainFacts> {
  const [row] = await connection.rows(
    `SELECT d.results, d.taken, d.is_paused, d.stop, d.active_ms + coalesce(${msSince('d.active_since')}, 0),
       d.trial_from IS NOT NULL AND d.trial_from = d.results,
       (SELECT coalesce(jsonb_agg(jsonb_build_object(
                 'run', run_id, 'phase', phase_id, 'worker', worker, 'heldMs', ${msSince('taken_at')})), '[]')
        FROM ${leases} WHERE drain = d.id AND ended_at IS NULL),
       (SELECT coalesce(jsonb_agg(jsonb_build_object(
                 'id', id, 'number', number, 'role', role, 'host', host, 'pid', pid,
                 'isAlive', seen_at > clock_timestamp() - d.lease_ms * interval '1 millisecond') ORDER BY id), '[]')
        FROM (SELECT *, count(*) FILTER (WHERE role = 'worker') OVER (ORDER BY id) AS number
              FROM ${workers} WHERE drain = d.id) w
        WHERE ended_at IS NULL),
       ${resultList}
     FROM ${drains} d WHERE d.id = $1`,
    [drain, String(known)],
  );
  if (row === undefined) {
    throw new UserFacingError('not-found', t`The server knows no drain ${drain}.`, t`List the sessions.`);
  }
  const [results, taken, paused, stop = null, activeMs, trial, leased, taking, brought] = row;
  const held = z.array(heldLease).parse(JSON.parse(leased ?? '[]'));
  const participants = z.array(knownWorker).parse(JSON.parse(taking ?? '[]'));
  return {
    lastResult: Number(results),
    taken: Number(taken),
    isPaused: paused === 't',
    stop: stop === null ? null : storedStop.parse(JSON.parse(stop)),
    activeMs: Number(activeMs),
    isTrial: trial === 't',
    held: held.map(({ run, phase }) => ({ runId: run, phaseId: phase })),
    results: resultsFrom(brought),
    workers: participants.map(({ id, number, role, host, pid, isAlive }) => {
      const at = held.find(({ worker }) => worker === id);
      const phase =
        at === undefined ? null : { runId: at.run, phaseId: at.phase, since: Math.round(now - at.heldMs) };
      return { number, executes: role === 'worker', host, pid, isAlive, phase };
    }),
  };
}
