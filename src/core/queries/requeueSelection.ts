import type { SqlValue } from '../db/readDatabase.ts';
import { keyOf } from '../drain/candidate.ts';
import { UserFacingError } from '../errors.ts';
import type { RequeuedPhase, RequeueScope, RequeueSelection } from '../guard/requeue.ts';
import type { PhaseKey } from '../model/phase.ts';
import { normaliseState, type State } from '../model/state.ts';
import { failures } from './failures.ts';
import { revisedColumns, revisionOf } from './phaseRevision.ts';
import type { QueryContext } from './queryContext.ts';
import { requirePhases } from './requirePhases.ts';
import { stalePhases } from './stalePhases.ts';

type Context = Pick<QueryContext, 'db' | 'schema' | 'warnings'>;

/**
 * The phases of a scope that can be queued again, in row order. Throws `not-autopack`, `unknown-run`, `unknown-phase`
 * for a chosen phase that is not there, and `not-found` where no phase fails in the way of the fingerprint.
 */
export function requeueSelection(context: Context, scope: RequeueScope): RequeueSelection {
  requirePhases(context.schema);
  const chosen = scope.keys === undefined ? null : new Set(scope.keys.map(keyOf));
  const ofCluster = scope.fingerprint === undefined ? null : clusterKeys(context, scope.fingerprint);
  const stale = scope.states.includes('EXECUTING') ? staleKeys(context, scope.staleBefore) : new Set();
  const states: ReadonlySet<State> = new Set(scope.states);
  const phases: RequeuedPhase[] = [];
  const left: Record<State, number> = {};
  const seen = new Set<string>();
  const seenRuns = new Set<string>();
  for (const phase of phasesOf(context, scope.runIds)) {
    const key = keyOf(phase);
    if (chosen?.has(key) === false) continue;
    seen.add(key);
    seenRuns.add(phase.runId);
    if (ofCluster?.has(key) === false) continue;
    const isTaken = states.has(phase.state) && (phase.state !== 'EXECUTING' || stale.has(key));
    if (isTaken) phases.push(phase);
    else left[phase.state] = (left[phase.state] ?? 0) + 1;
  }
  refuseUnknown(scope, seen, seenRuns);
  return { phases, left };
}

function phasesOf({ db, schema }: Context, runIds: readonly string[] | undefined): RequeuedPhase[] {
  const columns = schema.select('phases', ['run_id', 'phase_id', ...revisedColumns]);
  const where = runIds === undefined ? '' : `WHERE run_id IN (${runIds.map(() => '?').join(', ')})`;
  const sql = `SELECT rowid AS row_id, ${columns} FROM phases ${where} ORDER BY rowid`;
  return db.all(sql, runIds ?? []).map((row) => ({
    runId: text(row.run_id),
    phaseId: text(row.phase_id),
    rowId: Number(row.row_id),
    state: normaliseState(typeof row.state === 'string' ? row.state : null),
    revision: revisionOf(row),
  }));
}

function clusterKeys(context: Context, fingerprint: string): ReadonlySet<string> {
  const cluster = failures(context).clusters.find((each) => each.fingerprint === fingerprint);
  if (cluster !== undefined) return new Set(cluster.phases.map(keyOf));
  throw new UserFacingError(
    'not-found',
    'No phase fails in this way any more.',
    'List the failures again, and choose another.',
  );
}

function staleKeys(context: Context, before: number): ReadonlySet<string> {
  return new Set(stalePhases(context, before).stale.map(keyOf));
}

function refuseUnknown(
  { runIds = [], keys = [] }: RequeueScope,
  seen: ReadonlySet<string>,
  seenRuns: ReadonlySet<string>,
): void {
  const missing = keys.find((key) => !seen.has(keyOf(key)));
  if (missing !== undefined) throw unknownPhase(missing);
  const runId = runIds.find((id) => !seenRuns.has(id));
  if (runId === undefined) return;
  throw new UserFacingError(
    'unknown-run',
    `There is no run ${runId} with phases.`,
    'Refresh, or check the id and the database.',
  );
}

function unknownPhase({ runId, phaseId }: PhaseKey): UserFacingError {
  return new UserFacingError(
    'unknown-phase',
    `Run ${runId} has no phase ${phaseId}.`,
    'Refresh, or check the ids and the database.',
  );
}

function text(value: SqlValue | undefined): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}
