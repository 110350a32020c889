import { ColumnReader } from '../db/columnReader.ts';
import type { Row, SqlValue } from '../db/databasePorts.ts';
import type { QueryContext } from '../db/scan/queryContext.ts';
import type { TolerantSchema } from '../db/tolerantSchema.ts';
import { UserFacingError } from '../errors.ts';
import type { Phase, PhaseKey } from '../model/phase.ts';
import type { FilteredPhase } from '../model/phaseFilter.ts';
import { normaliseState } from '../model/state.ts';
import { t } from '../text/l10n.ts';
import { textOf } from './candidates.ts';

const columns = [
  'id',
  'run_id',
  'phase_id',
  'tier_id',
  'phase_index',
  'name',
  'description',
  'state',
  'task_category',
  'complexity',
  'scope',
  'builder_attempts',
  'auditor_attempts',
  'max_builder_attempts',
  'retry_attempt',
  'tokens_used',
  'incident_token_cap',
  'last_failure_reason',
  'created_at',
  'updated_at',
  'started_at',
  'completed_at',
];

/** The phases of one run by phase index; tiers are not looked at. Empty without a `phases` table. */
export function phasesOfRun(context: QueryContext, runId: string): Phase[] {
  return selectPhases(context, 'run_id = ?', [runId]);
}

/** One phase. Throws `unknown-phase`. */
export function phaseByKey(context: QueryContext, key: PhaseKey): Phase {
  const [phase] = selectPhases(context, 'run_id = ? AND phase_id = ?', [key.runId, key.phaseId]);
  if (phase !== undefined) return phase;
  throw new UserFacingError(
    'unknown-phase',
    t`There is no phase ${key.phaseId} in run ${key.runId}.`,
    t`Refresh, or check the id: a phase id is unique only within its run.`,
  );
}

/** Phases by their row ids, in that order. */
export function phasesByRow(context: QueryContext, rowIds: readonly number[]): Phase[] {
  return rowIds.flatMap((rowId) => readPhases(context, 'id = ?', [rowId]));
}

function selectPhases(context: QueryContext, where: string, params: readonly string[]): Phase[] {
  const phases = readPhases(context, where, params);
  return phases.sort((a, b) => a.index - b.index || a.rowId - b.rowId);
}

function readPhases(context: QueryContext, where: string, params: readonly SqlValue[]): Phase[] {
  const { db, schema } = context;
  if (!schema.hasColumn('phases', 'run_id') || !schema.hasColumn('phases', 'phase_id')) return [];
  const sql = `SELECT ${schema.select('phases', columns)} FROM phases WHERE ${where}`;
  return db.all(sql, params).map((row) => toPhase(context, row));
}

function toPhase(context: QueryContext, row: Row): Phase {
  const column = new ColumnReader('phases', row, context.warnings);
  const phaseId = column.text('phase_id') ?? '';
  return {
    rowId: column.integer('id') ?? 0,
    runId: column.text('run_id') ?? '',
    phaseId,
    tierRowId: column.integer('tier_id'),
    index: column.integer('phase_index') ?? 0,
    name: column.text('name') ?? phaseId,
    description: column.text('description'),
    state: normaliseState(column.text('state')),
    category: column.text('task_category'),
    complexity: column.text('complexity'),
    scope: column.scope('scope'),
    builderAttempts: column.integer('builder_attempts') ?? 0,
    auditorAttempts: column.integer('auditor_attempts') ?? 0,
    maxBuilderAttempts: column.integer('max_builder_attempts'),
    retryAttempt: column.integer('retry_attempt') ?? 0,
    tokensUsed: column.integer('tokens_used') ?? 0,
    incidentTokenCap: column.integer('incident_token_cap'),
    failureReason: column.text('last_failure_reason'),
    createdAt: column.time('created_at'),
    updatedAt: column.time('updated_at'),
    startedAt: column.time('started_at'),
    completedAt: column.time('completed_at'),
  };
}

/** The columns that a filter looks at, in the order in which {@link filteredPhase} reads them. */
export const filteredColumns = ['run_id', 'phase_id', 'name', 'state', 'task_category', 'complexity'];

/** What a filter sees of a phase, from the values of {@link filteredColumns}. */
export function filteredPhase(values: readonly SqlValue[]): FilteredPhase {
  const [runId, phaseId, name, state, category, complexity] = values.map(textOf);
  return {
    runId: runId ?? '',
    phaseId: phaseId ?? '',
    name: name ?? '',
    state: normaliseState(state ?? null),
    category: category ?? null,
    complexity: complexity ?? null,
  };
}

/** Throws `not-autopack` where there is no phases table. */
export function requirePhases(schema: TolerantSchema): void {
  if (schema.hasTable('phases')) return;
  throw new UserFacingError(
    'not-autopack',
    t`The database has no phases table.`,
    t`Select a database of Autopack, or create a telemetry seed database.`,
  );
}

/** The columns of a phase that an execution writes: equal values mean that nobody touched the row. */
export const revisedColumns = [
  'state',
  'updated_at',
  'last_failure_reason',
  'tokens_used',
  'builder_attempts',
  'completed_at',
] as const;

/** What those columns hold, as one text: it differs when the row was changed in any of them. */
export function revisionOf(row: Row): string {
  return JSON.stringify(revisedColumns.map((column) => row[column] ?? null));
}
