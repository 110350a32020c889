import { normaliseState } from '../model/state.ts';
import type { StateCounts } from '../model/state.ts';
import type { QueryContext } from './queryContext.ts';

/** How many phases each run has per state. Runs that exist only in `phases` have an entry too. */
export function stateCountsByRun(context: QueryContext): Map<string, StateCounts> {
  const counts = new Map<string, Record<string, number>>();
  const { db, schema } = context;
  if (!schema.hasColumn('phases', 'run_id')) return counts;
  const state = schema.hasColumn('phases', 'state') ? 'state' : 'NULL';
  // In the order of the index on (run_id, state), which then answers alone.
  const sql = `SELECT run_id, ${state}, COUNT(*) FROM phases GROUP BY run_id, ${state}`;
  db.each(sql, [], ([runId, stored, count]) => {
    const key = String(runId ?? '');
    const states = counts.get(key) ?? {};
    const name = normaliseState(stored === null || stored === undefined ? null : String(stored));
    states[name] = (states[name] ?? 0) + Number(count);
    counts.set(key, states);
  });
  return counts;
}

/** How many phases one run has per state. */
export function stateCountsOfRun(context: QueryContext, runId: string): StateCounts {
  const { db, schema } = context;
  const counts: Record<string, number> = {};
  if (!schema.hasColumn('phases', 'run_id')) return counts;
  const state = schema.hasColumn('phases', 'state') ? 'state' : 'NULL';
  const sql = `SELECT ${state}, COUNT(*) FROM phases WHERE run_id = ? GROUP BY ${state}`;
  db.each(sql, [runId], ([stored, count]) => {
    const name = normaliseState(stored === null || stored === undefined ? null : String(stored));
    counts[name] = (counts[name] ?? 0) + Number(count);
  });
  return counts;
}
