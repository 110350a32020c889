import { ColumnReader } from '../db/columnReader.ts';
import type { SqlValue } from '../db/databasePorts.ts';
import type { QueryContext } from '../db/scan/queryContext.ts';
import { classifyFailureReason } from '../model/failureClass.ts';
import { normaliseState } from '../model/state.ts';
import { requirePhases } from '../queries/phases.ts';
import { distinctValues } from '../queries/telemetryCounts.ts';
import { keyOf } from '../queries/candidates.ts';
import {
  clusterFailures,
  type FailedPhase,
  type FailureReport,
  type FoundReason,
} from './clusterFailures.ts';

/** When a phase failed: the first of these that is set. */
const times = ['completed_at', 'last_attempt_timestamp', 'updated_at'] as const;

type Context = Pick<QueryContext, 'db' | 'schema' | 'warnings'>;

/**
 * The FAILED phases, clustered by why they failed: `phases.last_failure_reason`, or else what was `found` outside of the
 * database, what Autopack recorded of the outcome in `phase_outcome_events`, or `runs.failure_reason`.
 * A failure that left its phase QUEUED, as of an executor that could not begin, is recorded by its drain's session alone.
 * Reasons and times are unknown where their columns are missing. Throws `not-autopack` without a phases table.
 */
export function failures(context: Context, found: readonly FoundReason[] | null = null): FailureReport {
  requirePhases(context.schema);
  return clusterFailures(failedPhases(context, found ?? []));
}

function failedPhases(context: Context, found: readonly FoundReason[]): FailedPhase[] {
  const { db, schema, warnings } = context;
  const hasKeys = ['run_id', 'phase_id', 'state'].every((column) => schema.hasColumn('phases', column));
  if (!hasKeys) return [];
  const columns = ['run_id', 'phase_id', 'state', 'last_failure_reason', ...times];
  const [where, states] = failedStates(context);
  const runReasons = reasonsOfRuns(context);
  const outcomes = reasonsOfOutcomes(context);
  const others = new Map(found.map((each) => [keyOf(each), each]));
  const phases: FailedPhase[] = [];
  db.each(`SELECT ${schema.select('phases', columns)} FROM phases ${where}`, states, (row) => {
    const [runId = null, phaseId = null, state = null, reason = null, ...failedAt] = row;
    if (!isFailed(state)) return;
    const run = text(runId) ?? '';
    const ownReason = text(reason);
    const phase = { runId: run, phaseId: text(phaseId) ?? '' };
    const key = keyOf(phase);
    const other = others.get(key);
    const known = [
      { reason: ownReason, source: 'phase' },
      { reason: other?.reason, source: other?.source ?? null },
      { reason: outcomes.get(key), source: 'outcome-event' },
      { reason: runReasons.get(run), source: 'run' },
    ] as const;
    const told = known.find((each) => each.reason !== null && each.reason !== undefined);
    phases.push({
      ...phase,
      reason: told?.reason ?? null,
      source: told?.source ?? null,
      failureClass: classifyFailureReason(ownReason),
      failedAt: firstTime(failedAt, warnings),
    });
  });
  return phases;
}

/** Narrows the rows by the stored spellings of the state, so that its index is used; where there are too many, not at all. */
function failedStates({ db }: Context): [where: string, params: SqlValue[]] {
  const states = distinctValues(db, 'phases', 'state')?.filter(isFailed);
  return states === undefined ? ['', []] : [`WHERE state IN (${states.map(() => '?').join(', ')})`, states];
}

function isFailed(state: SqlValue): boolean {
  return typeof state === 'string' && normaliseState(state) === 'FAILED';
}

function reasonsOfRuns({ db, schema }: Context): ReadonlyMap<string, string> {
  const reasons = new Map<string, string>();
  if (!schema.hasColumn('runs', 'id') || !schema.hasColumn('runs', 'failure_reason')) return reasons;
  db.each('SELECT id, failure_reason FROM runs WHERE failure_reason IS NOT NULL', [], ([id, reason]) => {
    const own = text(reason ?? null);
    if (own !== null) reasons.set(text(id ?? null) ?? '', own);
  });
  return reasons;
}

/** The newest that Autopack recorded of each phase: why it stopped, and on what grounds it was given up. */
function reasonsOfOutcomes({ db, schema }: Context): ReadonlyMap<string, string> {
  const reasons = new Map<string, string>();
  const table = 'phase_outcome_events';
  if (!schema.hasColumn(table, 'run_id') || !schema.hasColumn(table, 'phase_id')) return reasons;
  const columns = schema.select(table, [
    'run_id',
    'phase_id',
    'phase_outcome',
    'stop_reason',
    'stuck_decision_rationale',
  ]);
  db.each(`SELECT ${columns} FROM ${table} ORDER BY rowid`, [], (row) => {
    const [runId, phaseId, outcome, stopReason, rationale] = row.map((value) => text(value));
    if (outcome !== null && outcome !== undefined && /^(?:success|complete)/i.test(outcome)) return;
    const told = [stopReason, rationale].filter((part) => part !== null && part !== undefined).join(': ');
    if (told !== '') reasons.set(keyOf({ runId: runId ?? '', phaseId: phaseId ?? '' }), told);
  });
  return reasons;
}

function firstTime(values: readonly SqlValue[], warnings: QueryContext['warnings']): number | null {
  const at = values.findIndex((value) => value !== null);
  const column = times[at];
  if (column === undefined) return null;
  return new ColumnReader('phases', { [column]: values[at] ?? null }, warnings).time(column);
}

/** `null` for what is no text or an empty one. */
function text(value: SqlValue): string | null {
  if (value === null || value instanceof Uint8Array) return null;
  const own = String(value);
  return own.trim() === '' ? null : own;
}
