import type { Phase } from './phase.ts';
import type { State, StateCounts } from './state.ts';

/** A run as listed: its own row and how many of its phases are in each state. Times are ms since the epoch. */
export interface RunSummary {
  readonly id: string;
  readonly state: State;
  readonly createdAt: number | null;
  readonly updatedAt: number | null;
  readonly startedAt: number | null;
  readonly completedAt: number | null;
  /** In tokens. */
  readonly tokenCap: number | null;
  /** In tokens. */
  readonly tokensUsed: number | null;
  readonly failureReason: string | null;
  readonly goal: string | null;
  readonly phaseStates: StateCounts;
  /** Phases in all: the sum of `phaseStates`. */
  readonly phaseCount: number;
}

/** The runs with phases that pass a filter, in their order, each with how many of those are in each state. */
export interface MatchingRuns {
  readonly runs: readonly { readonly run: RunSummary; readonly matching: StateCounts }[];
  /** How many runs there are without the filter. */
  readonly runsInAll: number;
}

/** A tier of a run. `id` is the row id that phases refer to, `tierId` its name (`T1`). */
export interface Tier {
  readonly id: number;
  readonly tierId: string;
  readonly index: number;
  readonly name: string;
  readonly description: string | null;
  readonly state: State;
}

/** One run with its tiers and phases, phases in tier and phase order. */
export interface RunDetail {
  readonly run: RunSummary;
  readonly tiers: readonly Tier[];
  readonly phases: readonly Phase[];
}
