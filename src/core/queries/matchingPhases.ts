import type { Candidate, DrainBacklog } from '../drain/candidate.ts';
import { matchTest, type PhaseMatch } from '../model/phaseFilter.ts';
import type { State } from '../model/state.ts';
import {
  candidateColumns,
  candidateFrom,
  eachOnce,
  isDrainable,
  textOf,
  tierIndexes,
} from './candidateRow.ts';
import type { QueryContext } from './queryContext.ts';

/** What a match looks at besides. */
const matchColumns = ['name', 'task_category', 'complexity'];

/**
 * The phases that match, of one run or with `null` of all. Every row is read, whatever its state: what matches but cannot
 * be drained is told of, too.
 */
export function matchingPhases(
  context: Pick<QueryContext, 'db' | 'schema'>,
  match: PhaseMatch,
  runId: string | null,
): Pick<DrainBacklog, 'phaseStates' | 'candidates'> {
  const { db, schema } = context;
  const matches = matchTest(match);
  const tierIndexOf = tierIndexes(context, runId);
  const sql = `SELECT rowid, ${schema.select('phases', [...candidateColumns, ...matchColumns])} FROM phases
               ${runId === null ? 'NOT INDEXED' : 'WHERE run_id = ?'}`;
  const found: Candidate[] = [];
  const phaseStates: Record<State, number> = {};
  db.each(sql, runId === null ? [] : [runId], (row) => {
    const phase = candidateFrom(row, tierIndexOf);
    const [name = null, category = null, complexity = null] = row
      .slice(1 + candidateColumns.length)
      .map(textOf);
    if (!matches({ ...phase, name: name ?? '', category, complexity })) return;
    phaseStates[phase.state] = (phaseStates[phase.state] ?? 0) + 1;
    if (isDrainable(phase.state)) found.push(phase);
  });
  return { phaseStates, candidates: eachOnce(found) };
}
