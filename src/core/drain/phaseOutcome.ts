import type { SqlValue } from '../db/databasePorts.ts';
import type { QueryContext } from '../db/scan/queryContext.ts';
import type { PhaseKey } from '../model/phase.ts';
import {
  addYields,
  noYield,
  type KeyedYield,
  type PhaseSnapshot,
  type PhaseObservation,
  type PhaseYield,
  type TelemetryMarks,
} from '../model/phaseObservation.ts';
import { normaliseState } from '../model/state.ts';
import { keyOf, tierIndexes } from '../queries/candidates.ts';
import { revisedColumns, revisionOf } from '../queries/phases.ts';

type Context = Pick<QueryContext, 'db' | 'schema'>;

const tables = {
  estimation: 'token_estimation_v2_events',
  escalation: 'token_budget_escalation_events',
  usage: 'llm_usage_events',
} as const;

/** Looks at a phase, its run and the rows behind `since`; without `since` at the phase and the marks alone. */
export function phaseOutcome(
  context: Context,
  key: PhaseKey,
  since: TelemetryMarks | null,
): PhaseObservation {
  const phases = phasesOf(context, key.runId);
  return {
    phase: phases.find(({ phaseId }) => phaseId === key.phaseId) ?? null,
    siblings: phases.filter(({ phaseId }) => phaseId !== key.phaseId),
    marks: {
      estimation: lastRow(context, tables.estimation),
      escalation: lastRow(context, tables.escalation),
      usage: lastRow(context, tables.usage),
    },
    hasTelemetryTable: context.schema.hasTable(tables.estimation),
    runRevision: runRevision(context, key.runId),
    yields: since === null ? [] : yieldsSince(context, since),
  };
}

/** Counters that a schema may have of what was tried with a phase. */
const attemptColumns = ['builder_attempts', 'auditor_attempts', 'retry_attempt', 'attempts_used'] as const;
const observedColumns = [
  ...new Set([...revisedColumns, ...attemptColumns, 'phase_index', 'tier_id', 'started_at']),
];

function runRevision({ db, schema }: Context, runId: string): string | null {
  if (!schema.hasColumn('runs', 'id')) return null;
  const columns = ['state', 'updated_at', 'started_at', 'completed_at', 'tokens_used', 'failure_reason'];
  const [row] = db.all(`SELECT ${schema.select('runs', columns)} FROM runs WHERE id = ?`, [runId]);
  return row === undefined ? null : JSON.stringify(columns.map((column) => row[column]));
}

function phasesOf(context: Context, runId: string): PhaseSnapshot[] {
  const { db, schema } = context;
  if (!schema.hasTable('phases')) return [];
  const tierIndexOf = tierIndexes(context, runId);
  const sql = `SELECT rowid AS row_id, phase_id, ${schema.select('phases', observedColumns)} FROM phases WHERE run_id = ? ORDER BY rowid`;
  const phases = new Map<string, PhaseSnapshot>();
  for (const { phase_id: id, ...row } of db.all(sql, [runId])) {
    const phaseId = String(id);
    if (phases.has(phaseId)) continue;
    phases.set(phaseId, {
      phaseId,
      rowId: Number(row.row_id),
      tierIndex: tierIndexOf(runId, row.tier_id ?? null),
      phaseIndex: Number(row.phase_index) || 0,
      state: normaliseState(textOf(row.state)),
      failureReason: textOf(row.last_failure_reason),
      work: {
        attempts: attemptColumns.map((column) => Number(row[column]) || 0),
        tokens: Number(row.tokens_used) || 0,
        startedAt: textOf(row.started_at),
        completedAt: textOf(row.completed_at),
      },
      revision: revisionOf(row),
    });
  }
  return [...phases.values()];
}

/** Row ids, not `event_id`: where that is the primary key it is the row id, and where it is not, the row id still grows. */
function lastRow({ db, schema }: Context, table: string): number {
  if (!schema.hasTable(table)) return 0;
  return Number(db.all(`SELECT max(rowid) AS last FROM ${table}`)[0]?.last ?? 0);
}

function yieldsSince(context: Context, since: TelemetryMarks): KeyedYield[] {
  const yields = new Map<string, KeyedYield>();
  const add = (
    table: string,
    fingerprint: number,
    tokens: string,
    part: (tokens: number) => Partial<PhaseYield>,
  ): void => {
    const { db, schema } = context;
    if (!schema.hasTable(table)) return;
    const sql = `SELECT run_id, phase_id, ${tokens} FROM ${table} WHERE rowid > ?`;
    db.each(sql, [fingerprint], ([run, phase, amount]) => {
      const key = { runId: textOf(run) ?? '', phaseId: textOf(phase) ?? '' };
      const before = yields.get(keyOf(key))?.yield ?? noYield;
      yields.set(keyOf(key), {
        ...key,
        yield: addYields(before, { ...noYield, ...part(Number(amount) || 0) }),
      });
    });
  };
  add(tables.estimation, since.estimation, 'actual_output_tokens', (outputTokens) => ({
    estimationEvents: 1,
    outputTokens,
  }));
  add(tables.escalation, since.escalation, '0', () => ({ escalationEvents: 1 }));
  add(tables.usage, since.usage, usageTokens(context), (llmTokens) => ({ llmCalls: 1, llmTokens }));
  return [...yields.values()];
}

/** Older files have no `total_tokens`, and newer ones leave it the only one that is filled. */
function usageTokens({ schema }: Context): string {
  const has = (column: string): boolean => schema.hasColumn(tables.usage, column);
  const parts = ['prompt_tokens', 'completion_tokens'].filter(has).map((column) => `coalesce(${column}, 0)`);
  const sum = parts.length === 0 ? '0' : parts.join(' + ');
  return has('total_tokens') ? `coalesce(total_tokens, ${sum})` : sum;
}

function textOf(value: SqlValue | undefined): string | null {
  if (value === null || value === undefined || value instanceof Uint8Array) return null;
  return String(value);
}
