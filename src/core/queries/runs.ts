import { ColumnReader } from '../db/columnReader.ts';
import type { Row, SqlValue } from '../db/databasePorts.ts';
import type { QueryContext } from '../db/scan/queryContext.ts';
import { UserFacingError } from '../errors.ts';
import type { Phase } from '../model/phase.ts';
import type { RunDetail, RunSummary, Tier } from '../model/run.ts';
import { normaliseState, type StateCounts } from '../model/state.ts';
import { t } from '../text/l10n.ts';
import { phasesOfRun } from './phases.ts';
import { reuseByPart } from './rowParts.ts';
import { stateCountsByRun, stateCountsOfRun } from './stateCounts.ts';

const tierColumns = ['id', 'tier_id', 'tier_index', 'name', 'description', 'state'];

/**
 * Every run, newest first. A run that only its phases tell of is listed last, in state UNKNOWN: its row is lost, its work is not.
 * Throws `empty-database` or `not-autopack` without a `runs` table.
 */
export function listRuns(context: QueryContext): RunSummary[] {
  requireRuns(context);
  const counts = stateCountsByRun(context);
  const rows = allRunRows(context);
  const known = new Set(rows.map((row) => row.id));
  for (const id of counts.keys()) if (!known.has(id)) rows.push(lostRunRow(id));
  return rows.map((row) => summarise(row, counts.get(row.id))).sort(newestFirst);
}

/** One run with its tiers and phases, in tier and phase order. Throws `unknown-run`. */
export function runDetail(context: QueryContext, params: { readonly runId: string }): RunDetail {
  requireRuns(context);
  const { runId } = params;
  const row = runRow(context, runId);
  const phases = phasesOfRun(context, runId);
  if (row === null && phases.length === 0) {
    const next = t`Refresh, or check the id and the database.`;
    throw new UserFacingError('unknown-run', t`There is no run ${runId}.`, next);
  }
  const run = summarise(row ?? lostRunRow(runId), stateCountsOfRun(context, runId));
  const tiers = tiersOfRun(context, runId);
  return { run, tiers, phases: inTierOrder(phases, tiers) };
}

function requireRuns(context: QueryContext): void {
  const { schema } = context;
  if (schema.hasTable('runs')) return;
  const { path, server } = context.file;
  if (schema.isEmpty) {
    throw new UserFacingError(
      'empty-database',
      t`${path} is empty: it has no tables yet.`,
      t`Create a telemetry seed database, or select another one.`,
    );
  }
  throw new UserFacingError(
    'not-autopack',
    t`${path} is a ${server === undefined ? 'SQLite' : 'PostgreSQL'} database, but not one of Autopack: it has no runs table.`,
    t`Select another database.`,
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

function summarise(row: RunRow, phaseStates: StateCounts = {}): RunSummary {
  const phaseCount = Object.values(phaseStates).reduce((sum, count) => sum + count, 0);
  return { ...row, phaseStates, phaseCount };
}

function newestFirst(a: RunSummary, b: RunSummary): number {
  const byTime = (b.createdAt ?? -Infinity) - (a.createdAt ?? -Infinity);
  // Two runs without a time differ by NaN.
  if (byTime !== 0 && !Number.isNaN(byTime)) return byTime;
  return a.id < b.id ? -1 : Number(a.id > b.id);
}

/** What the `runs` table itself says of a run. */
type RunRow = Omit<RunSummary, 'phaseStates' | 'phaseCount'>;

const columns = [
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

/** Every row of the `runs` table, in no particular order. */
function allRunRows(context: QueryContext): RunRow[] {
  return reuseByPart(context, 'runs', 'runs: all', select).flat();
}

/** The row of one run, `null` where there is none. */
function runRow(context: QueryContext, runId: string): RunRow | null {
  return select(context, 'WHERE id = ?', [runId])[0] ?? null;
}

/** The row of a run of which only its phases tell. */
function lostRunRow(id: string): RunRow {
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
  };
}

function select(context: QueryContext, where: string, params: readonly SqlValue[]): RunRow[] {
  const { db, schema } = context;
  const sql = `SELECT ${schema.select('runs', columns)} FROM runs ${where}`;
  return db.all(sql, params).map((row) => toRunRow(context, row));
}

function toRunRow(context: QueryContext, row: Row): RunRow {
  const column = new ColumnReader('runs', row, context.warnings);
  return {
    id: column.text('id') ?? '',
    state: normaliseState(column.text('state')),
    createdAt: column.time('created_at'),
    updatedAt: column.time('updated_at'),
    startedAt: column.time('started_at'),
    completedAt: column.time('completed_at'),
    tokenCap: column.integer('token_cap'),
    tokensUsed: column.integer('tokens_used'),
    failureReason: column.text('failure_reason'),
    goal: column.text('goal_anchor'),
  };
}
