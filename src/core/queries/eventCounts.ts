import type { EventCounts } from '../telemetry/countsRecord.ts';
import type { QueryContext } from './queryContext.ts';

/** How many telemetry events a run has, or the whole database; a missing table has none. */
export function eventCounts(
  context: QueryContext,
  { runId }: { readonly runId: string | null },
): EventCounts {
  return {
    token_estimation_v2_events: countRows(context, 'token_estimation_v2_events', runId),
    token_budget_escalation_events: countRows(context, 'token_budget_escalation_events', runId),
  };
}

function countRows({ db, schema }: QueryContext, table: string, runId: string | null): number {
  if (!schema.hasTable(table) || (runId !== null && !schema.hasColumn(table, 'run_id'))) return 0;
  const [row] =
    runId === null
      ? db.all(`SELECT count(*) AS n FROM ${table}`)
      : db.all(`SELECT count(*) AS n FROM ${table} WHERE run_id = ?`, [runId]);
  return Number(row?.n ?? 0);
}
