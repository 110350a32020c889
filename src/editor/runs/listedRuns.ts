import type { PhaseFilter } from '../../core/model/phaseFilter.ts';
import type { RunSummary } from '../../core/model/run.ts';
import type { State, StateCounts } from '../../core/model/state.ts';
import type { DatabaseReader } from '../../protocol/readerProtocol.ts';
import type { ShownRuns } from './filterItems.ts';

/** A run to be listed. */
export interface ListedRun {
  readonly run: RunSummary;
  /** Its phases that pass the filter, by state; `null` without one. */
  readonly matching: StateCounts | null;
}

/** The runs to be listed, newest first, and the committed state they were read from. */
export interface ListedRuns {
  readonly runs: readonly ListedRun[];
  /** Without the filter. */
  readonly runsInAll: number;
  readonly version: string;
}

/** Reads the runs with phases that pass the filter, or all. Fails as the reader does. */
export async function readListedRuns(
  reader: DatabaseReader,
  path: string,
  filter: PhaseFilter | null,
  signal: AbortSignal,
): Promise<ListedRuns> {
  if (filter !== null) {
    const { value, version } = await reader.request(path, 'matchingRuns', filter, signal);
    return { ...value, version: version.token };
  }
  const { value, version } = await reader.request(path, 'listRuns', null, signal);
  const runs = value.map((run) => ({ run, matching: null }));
  return { runs, runsInAll: runs.length, version: version.token };
}

/** How much of the database a list of runs shows. */
export function shownOf({ runs, runsInAll }: ListedRuns): ShownRuns {
  const states: Record<State, number> = {};
  for (const { run, matching } of runs) {
    for (const [state, count] of Object.entries(matching ?? run.phaseStates)) {
      states[state] = (states[state] ?? 0) + count;
    }
  }
  const phases = Object.values(states).reduce((sum, count) => sum + count, 0);
  return { runs: runs.length, runsInAll, phases, states };
}
