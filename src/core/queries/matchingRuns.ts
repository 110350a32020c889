import type { SqlValue } from '../db/databasePorts.ts';
import { filterTest, hasMatch, type PhaseFilter } from '../model/phaseFilter.ts';
import type { MatchingRuns } from '../model/run.ts';
import { normaliseState, type State, type StateCounts } from '../model/state.ts';
import type { QueryContext } from '../db/scan/queryContext.ts';
import { filteredColumns, filteredPhase } from './phases.ts';
import { reuseByPart } from './rowParts.ts';
import { listRuns } from './runs.ts';

type Counts = Map<string, Record<State, number>>;

/** The runs with phases that pass the filter, newest first. Throws as `listRuns`. */
export function matchingRuns(context: QueryContext, filter: PhaseFilter): MatchingRuns {
  const runs = listRuns(context);
  const countsOf = hasMatch(filter) ? countMatches(context, filter) : countStates(filter);
  const matching = runs.flatMap((run) => {
    const states = countsOf(run.id, run.phaseStates);
    return Object.keys(states).length === 0 ? [] : [{ run, matching: states }];
  });
  return { runs: matching, runsInAll: runs.length };
}

type CountsOf = (runId: string, all: StateCounts) => StateCounts;

/** Where only states are asked for, the counts there are anyway tell. */
function countStates({ states }: PhaseFilter): CountsOf {
  const wanted = new Set(states.map(normaliseState));
  return (_, all) =>
    Object.fromEntries(Object.entries(all).filter(([state]) => wanted.size === 0 || wanted.has(state)));
}

function countMatches(context: QueryContext, filter: PhaseFilter): CountsOf {
  const counts: Counts = new Map();
  if (!context.schema.hasColumn('phases', 'run_id')) return () => ({});
  const key = `phases: ${JSON.stringify(filter)}`;
  const parts = reuseByPart(context, 'phases', key, (own, where, params) =>
    countRows(own, filter, where, params),
  );
  for (const part of parts) for (const [runId, states] of part) addAll(counts, runId, states);
  return (runId) => counts.get(runId) ?? {};
}

function countRows(
  { db, schema }: QueryContext,
  filter: PhaseFilter,
  where: string,
  params: readonly SqlValue[],
): Counts {
  const passes = filterTest(filter);
  const counts: Counts = new Map();
  db.each(`SELECT ${schema.select('phases', filteredColumns)} FROM phases ${where}`, params, (row) => {
    const phase = filteredPhase(row);
    if (passes(phase)) addAll(counts, phase.runId, { [phase.state]: 1 });
  });
  return counts;
}

function addAll(counts: Counts, runId: string, added: StateCounts): void {
  const states = counts.get(runId) ?? {};
  for (const [state, count] of Object.entries(added)) states[state] = (states[state] ?? 0) + count;
  counts.set(runId, states);
}
