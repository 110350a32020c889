import { drainableStates } from '../../core/queries/candidates.ts';
import type { State, StateCounts } from '../../core/model/state.ts';

/** Whether a drain would take a phase in this state. */
export function isDrainable(state: State): boolean {
  return drainableStates.includes(state);
}

/** How many phases a drain could take. */
export function drainableCount(counts: StateCounts): number {
  return drainableStates.reduce((sum, state) => sum + (counts[state] ?? 0), 0);
}
