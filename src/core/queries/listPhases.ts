import type { QueryContext } from '../db/scan/queryContext.ts';
import { reuse } from '../db/scan/queryContext.ts';
import type { Phase, PhaseKey } from '../model/phase.ts';
import { filterTest, type PhaseFilter } from '../model/phaseFilter.ts';
import { keyOf } from './candidates.ts';
import { filteredColumns, filteredPhase, phasesByRow } from './phases.ts';

/** Which phases of any run are to be listed. */
export interface PhaseListQuestion {
  readonly filter: PhaseFilter;
  /** Only these; `null` for any. */
  readonly keys: readonly PhaseKey[] | null;
  /** How many at most. */
  readonly limit: number;
}

/** Phases of any runs, the newest rows first. */
export interface PhaseList {
  readonly phases: readonly Phase[];
  /** How many there are in all. */
  readonly total: number;
}

/** The phases that pass a filter, whatever run they are of. Empty without a `phases` table. */
export function listPhases(context: QueryContext, { filter, keys, limit }: PhaseListQuestion): PhaseList {
  const { schema } = context;
  if (!['id', 'run_id', 'phase_id'].every((column) => schema.hasColumn('phases', column)))
    return { phases: [], total: 0 };
  const rowIds = reuse(context, `phases: list ${JSON.stringify([filter, keys])}`, (own) =>
    matchingRows(own, filter, keys),
  );
  return { phases: phasesByRow(context, rowIds.slice(0, limit)), total: rowIds.length };
}

function matchingRows(
  { db, schema }: QueryContext,
  filter: PhaseFilter,
  keys: readonly PhaseKey[] | null,
): readonly number[] {
  const passes = filterTest(filter);
  const wanted = keys === null ? null : new Set(keys.map(keyOf));
  const rowIds: number[] = [];
  db.each(`SELECT ${schema.select('phases', ['id', ...filteredColumns])} FROM phases`, [], (row) => {
    const phase = filteredPhase(row.slice(1));
    if (wanted?.has(keyOf(phase)) !== false && passes(phase)) rowIds.push(Number(row[0]));
  });
  return rowIds.sort((a, b) => b - a);
}
