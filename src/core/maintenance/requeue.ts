import type { WriteDatabase, WriteOperation, SqlValue } from '../db/databasePorts.ts';
import type { QueryContext } from '../db/scan/queryContext.ts';
import { TolerantSchema } from '../db/tolerantSchema.ts';
import { UserFacingError } from '../errors.ts';
import { failures } from '../failures/failureReport.ts';
import { subjectOfPhases } from '../identity/journalEntry.ts';
import type { PhaseKey } from '../model/phase.ts';
import { normaliseState, type State, type StateCounts } from '../model/state.ts';
import { formatStoredTimestamp } from '../model/timestamp.ts';
import { keyOf } from '../queries/candidates.ts';
import { revisedColumns, revisionOf, requirePhases } from '../queries/phases.ts';
import { t } from '../text/l10n.ts';
import { stalePhases } from './markStale.ts';

/** The states from which a phase can be queued again. What waits at a gate or in CI is somebody's turn. */
export const requeueableStates = ['FAILED', 'EXECUTING', 'COMPLETE', 'SKIPPED'] as const;

/** One of {@link requeueableStates}. */
export type RequeueableState = (typeof requeueableStates)[number];

/** Which phases are to be queued again: those that fit all that is given. */
export interface RequeueScope {
  readonly runIds?: readonly string[];
  /** Chosen phases. */
  readonly keys?: readonly PhaseKey[];
  /** Of a failure cluster. */
  readonly fingerprint?: string;
  /** FAILED, as a rule. */
  readonly states: readonly RequeueableState[];
  /** EXECUTING phases are taken only if they have not changed since: ms since the epoch. */
  readonly staleBefore: number;
}

/** A phase to be queued again, as it was when somebody agreed to that. */
export interface RequeuedPhase extends PhaseKey {
  readonly rowId: number;
  readonly state: State;
  /** Differs when somebody changed the phase since. */
  readonly revision: string;
}

/** What a scope comes to. */
export interface RequeueSelection {
  readonly phases: readonly RequeuedPhase[];
  /** Phases in scope that are left as they are, by state. */
  readonly left: StateCounts;
}

/** `12 FAILED of 3 runs`. */
export function requeueText(phases: readonly RequeuedPhase[]): string {
  const states = new Map<State, number>();
  for (const { state } of phases) states.set(state, (states.get(state) ?? 0) + 1);
  const counts = [...states].map(([state, count]) => `${count} ${state}`).join(', ');
  const runs = new Set(phases.map(({ runId }) => runId)).size;
  return runs === 1 ? t`${counts} of ${runs} run` : t`${counts} of ${runs} runs`;
}

/**
 * Sets phases QUEUED that a person agreed to, and tells how many. Those that somebody changed since are left alone.
 * As Autopack does it when it queues a FAILED phase again: the failure reason stays, for whoever reads it and for
 * the order of the next drain, and so do attempts and tokens, which are history. Times of the last execution go, for a
 * QUEUED phase has neither begun nor ended. Runs and tiers stay as they are; the executor moves them on.
 * `now` is ms since the epoch.
 */
function requeuePhases(db: WriteDatabase, agreed: readonly RequeuedPhase[], now: number): number {
  const schema = TolerantSchema.read(db);
  const columns = schema.select('phases', ['run_id', 'phase_id', ...revisedColumns]);
  const changes = { state: '', started_at: null, completed_at: null, updated_at: formatStoredTimestamp(now) };
  const present = Object.entries(changes).filter(([column]) => schema.hasColumn('phases', column));
  const update = `UPDATE phases SET ${present.map(([column]) => `${column} = ?`).join(', ')} WHERE rowid = ?`;
  let requeued = 0;
  for (const { rowId, runId, phaseId, revision } of agreed) {
    const [row] = db.all(`SELECT ${columns} FROM phases WHERE rowid = ?`, [rowId]);
    if (row === undefined || String(row.run_id) !== runId || String(row.phase_id) !== phaseId) continue;
    if (revisionOf(row) !== revision) continue;
    const values = present.map(([column, value]) => (column === 'state' ? queuedLike(row.state) : value));
    requeued += db.run(update, [...values, rowId], 1);
  }
  return requeued;
}

/** {@link requeuePhases} as the writer takes it. */
export const requeueOperation: WriteOperation<
  { readonly phases: readonly RequeuedPhase[]; readonly now: number },
  number
> = {
  name: 'requeue',
  run: (db, { phases, now }) => requeuePhases(db, phases, now),
  needs: ({ phases }) => ({ runs: [...new Set(phases.map(({ runId }) => runId))], tables: 'work' }),
  subject: ({ phases }) => subjectOfPhases(phases),
};

/** In the letter case the database uses. */
function queuedLike(stored: unknown): string {
  return typeof stored === 'string' && stored === stored.toLowerCase() ? 'queued' : 'QUEUED';
}

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
    t`No phase fails this way any longer.`,
    t`List the failures again, and choose another.`,
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
    t`There is no run ${runId} with phases.`,
    t`Refresh, or check the id and the database.`,
  );
}

function unknownPhase({ runId, phaseId }: PhaseKey): UserFacingError {
  return new UserFacingError(
    'unknown-phase',
    t`Run ${runId} has no phase ${phaseId}.`,
    t`Refresh, or check the ids and the database.`,
  );
}

function text(value: SqlValue | undefined): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}
