import { ColumnReader } from '../db/columns.ts';
import type { Row } from '../db/readDatabase.ts';
import { UserFacingError } from '../errors.ts';
import type { Phase } from '../model/phase.ts';
import type { RunDetail, RunSummary, Tier } from '../model/run.ts';
import { normaliseState } from '../model/state.ts';
import type { StateCounts } from '../model/state.ts';
import { phasesOfRun } from './phases.ts';
import type { QueryContext } from './queryContext.ts';
import { stateCountsByRun, stateCountsOfRun } from './stateCounts.ts';

const runColumns = [
  'id',
  'state',
  'created_at',
  'updated_at',
  'started_at',
  'completed_at',
  'token_cap',
  'tokens_used',
  'failure_reason',
  'goal_anchor',
];
const tierColumns = ['id', 'tier_id', 'tier_index', 'name', 'description', 'state'];

/**
 * Every run, newest first. A run that only its phases speak of is listed last, in state UNKNOWN: its row is lost, its work is not.
 * Throws `empty-database` or `not-autopack` without a `runs` table.
 */
export function listRuns(context: QueryContext): RunSummary[] {
  requireRuns(context);
  const { db, schema } = context;
  const counts = stateCountsByRun(context);
  const runs = db
    .all(`SELECT ${schema.select('runs', runColumns)} FROM runs`)
    .map((row) => toRun(context, row, counts));
  const known = new Set(runs.map((run) => run.id));
  for (const [id, states] of counts) if (!known.has(id)) runs.push(orphanRun(id, states));
  return runs.sort(newestFirst);
}

/** One run with its tiers and phases, in tier and phase order. Throws `unknown-run`. */
export function runDetail(context: QueryContext, params: { readonly runId: string }): RunDetail {
  requireRuns(context);
  const { db, schema } = context;
  const { runId } = params;
  const counts = new Map([[runId, stateCountsOfRun(context, runId)]]);
  const [row] = db.all(`SELECT ${schema.select('runs', runColumns)} FROM runs WHERE id = ?`, [runId]);
  const phases = phasesOfRun(context, runId);
  if (row === undefined && phases.length === 0) {
    throw new UserFacingError(
      'unknown-run',
      `There is no run ${runId}.`,
      'Refresh, or check the id and the database.',
    );
  }
  const run = row === undefined ? orphanRun(runId, counts.get(runId) ?? {}) : toRun(context, row, counts);
  const tiers = tiersOfRun(context, runId);
  return { run, tiers, phases: inTierOrder(phases, tiers) };
}

function requireRuns({ schema, file }: QueryContext): void {
  if (schema.hasTable('runs')) return;
  if (schema.isEmpty) {
    throw new UserFacingError(
      'empty-database',
      `${file.path} is empty: it has no tables yet.`,
      'Create a telemetry seed database, or select another one.',
    );
  }
  throw new UserFacingError(
    'not-autopack',
    `${file.path} is a SQLite database, but not one of Autopack: it has no runs table.`,
    'Select another database.',
  );
}

function tiersOfRun(context: QueryContext, runId: string): Tier[] {
  const { db, schema, warnings } = context;
  if (!schema.hasColumn('tiers', 'run_id')) return [];
  const sql = `SELECT ${schema.select('tiers', tierColumns)} FROM tiers WHERE run_id = ?`;
  const tiers = db.all(sql, [runId]).map((row) => {
    const column = new ColumnReader('tiers', row, warnings);
    const tierId = column.text('tier_id') ?? '';
    return {
      id: column.integer('id') ?? 0,
      tierId,
      index: column.integer('tier_index') ?? 0,
      name: column.text('name') ?? tierId,
      description: column.text('description'),
      state: normaliseState(column.text('state')),
    };
  });
  return tiers.sort((a, b) => a.index - b.index || a.id - b.id);
}

/** Phases of a tier that does not exist come last, in their own order. */
function inTierOrder(phases: readonly Phase[], tiers: readonly Tier[]): Phase[] {
  const place = new Map(tiers.map((tier, i) => [tier.id, i]));
  const placeOf = (phase: Phase): number => place.get(phase.tierRowId ?? Number.NaN) ?? tiers.length;
  return [...phases].sort((a, b) => placeOf(a) - placeOf(b) || a.index - b.index || a.rowId - b.rowId);
}

function toRun(context: QueryContext, row: Row, counts: ReadonlyMap<string, StateCounts>): RunSummary {
  const column = new ColumnReader('runs', row, context.warnings);
  const id = column.text('id') ?? '';
  return {
    id,
    state: normaliseState(column.text('state')),
    createdAt: column.time('created_at'),
    updatedAt: column.time('updated_at'),
    startedAt: column.time('started_at'),
    completedAt: column.time('completed_at'),
    tokenCap: column.integer('token_cap'),
    tokensUsed: column.integer('tokens_used'),
    failureReason: column.text('failure_reason'),
    goal: column.text('goal_anchor'),
    ...phaseFacts(counts.get(id) ?? {}),
  };
}

function orphanRun(id: string, states: StateCounts): RunSummary {
  return {
    id,
    state: normaliseState(null),
    createdAt: null,
    updatedAt: null,
    startedAt: null,
    completedAt: null,
    tokenCap: null,
    tokensUsed: null,
    failureReason: null,
    goal: null,
    ...phaseFacts(states),
  };
}

function phaseFacts(phaseStates: StateCounts): Pick<RunSummary, 'phaseStates' | 'phaseCount'> {
  return { phaseStates, phaseCount: Object.values(phaseStates).reduce((sum, count) => sum + count, 0) };
}

function newestFirst(a: RunSummary, b: RunSummary): number {
  const byTime = (b.createdAt ?? -Infinity) - (a.createdAt ?? -Infinity);
  if (byTime !== 0 && !Number.isNaN(byTime)) return byTime;
  return a.id < b.id ? -1 : Number(a.id > b.id);
}
