import type { SqlValue } from '../db/readDatabase.ts';
import { normaliseState } from '../model/state.ts';
import type { StateCounts } from '../model/state.ts';
import type { QueryContext } from './queryContext.ts';
import { reuse } from './queryContext.ts';

type Counts = Map<string, Record<string, number>>;

/** A part of the runs in the order of their ids: from `from` on and before `to`; `null` is no bound. */
interface IdRange {
  readonly from: string | null;
  readonly to: string | null;
}

/** Into about how many parts the runs are cut. */
const parts = 8;

/** How many phases each run has per state. Runs that exist only in `phases` have an entry too. */
export function stateCountsByRun(context: QueryContext): ReadonlyMap<string, StateCounts> {
  if (!context.schema.hasColumn('phases', 'run_id')) return new Map();
  const ranges = reuse(context, 'counts: ranges', idRanges);
  const counts: Counts = new Map();
  for (const range of ranges) {
    const part = reuse(context, `counts: ${JSON.stringify(range)}`, (own) => countRange(own, range));
    for (const [runId, states] of part) counts.set(runId, states);
  }
  return counts;
}

/** How many phases one run has per state. */
export function stateCountsOfRun(context: QueryContext, runId: string): StateCounts {
  if (!context.schema.hasColumn('phases', 'run_id')) return {};
  return count(context, 'WHERE run_id = ?', [runId]).get(runId) ?? {};
}

/**
 * Cuts the runs into ranges that are counted, kept and counted again one by one, where an index answers for each alone.
 * The bounds are ids that their own hash chooses, so another run in the list moves no bound but its neighbours'.
 */
function idRanges(context: QueryContext): readonly IdRange[] {
  const whole: IdRange = { from: null, to: null };
  if (!context.schema.hasColumn('runs', 'id') || !hasIndexOnRunAndState(context)) return [whole];
  const ids: string[] = [];
  // In the database's own order, which is not that of JavaScript's strings.
  context.db.each('SELECT id FROM runs ORDER BY id', [], ([id]) => {
    if (typeof id === 'string') ids.push(id);
  });
  const spacing = 2 ** Math.max(0, Math.round(Math.log2(ids.length / parts)));
  const bounds = ids.length < parts ? [] : ids.filter((id) => hash(id) % spacing === 0);
  return [null, ...bounds].map((from, i) => ({ from, to: bounds[i] ?? null }));
}

function hasIndexOnRunAndState({ db, schema }: QueryContext): boolean {
  if (!schema.hasColumn('phases', 'state')) return false;
  const sql = `SELECT 1 FROM pragma_index_list('phases') AS i
    WHERE i.partial = 0
      AND (SELECT lower(name) FROM pragma_index_info(i.name) WHERE seqno = 0) = 'run_id'
      AND (SELECT lower(name) FROM pragma_index_info(i.name) WHERE seqno = 1) = 'state'`;
  return db.all(sql).length > 0;
}

function countRange(context: QueryContext, { from, to }: IdRange): Counts {
  if (from === null && to === null) return count(context, '', []);
  if (from === null) {
    // Whatever has no id comes before the first bound, but one search of the index cannot find both.
    const without = count(context, 'WHERE run_id IS NULL', []);
    return new Map([...without, ...count(context, 'WHERE run_id < ?', [to])]);
  }
  if (to === null) return count(context, 'WHERE run_id >= ?', [from]);
  return count(context, 'WHERE run_id >= ? AND run_id < ?', [from, to]);
}

function count({ db, schema }: QueryContext, where: string, params: readonly SqlValue[]): Counts {
  const counts: Counts = new Map();
  const state = schema.hasColumn('phases', 'state') ? 'state' : 'NULL';
  // In the order of the index on (run_id, state), which then answers alone.
  const sql = `SELECT run_id, ${state}, COUNT(*) FROM phases ${where} GROUP BY run_id, ${state}`;
  db.each(sql, params, ([runId = null, stored = null, phases]) => {
    const key = String(runId ?? '');
    const states = counts.get(key) ?? {};
    const name = normaliseState(stored === null ? null : String(stored));
    states[name] = (states[name] ?? 0) + Number(phases);
    counts.set(key, states);
  });
  return counts;
}

/** FNV-1a. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  return value >>> 0;
}
