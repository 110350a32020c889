import type { Phase } from './phase.ts';
import type { RunDetail } from './run.ts';

/** What a phase came to in one of two runs; `null` where the run has no such phase. */
export type PhaseOutcome = Pick<
  Phase,
  'state' | 'builderAttempts' | 'tokensUsed' | 'failureReason' | 'startedAt' | 'completedAt'
>;

/** A phase that differs between two runs, by its id. */
export interface PhaseDifference {
  readonly phaseId: string;
  readonly left: PhaseOutcome | null;
  readonly right: PhaseOutcome | null;
}

/** What differs between two runs. */
export interface RunComparison {
  readonly left: RunDetail['run'];
  readonly right: RunDetail['run'];
  /** Only phases that differ, in the order of the left run, then those that only the right one has. */
  readonly differences: readonly PhaseDifference[];
  /** How many phases are the same in both. */
  readonly same: number;
}

/** Compares the phases of two runs by their ids: states, attempts, tokens and reasons. Of twins in a run the last row counts. */
export function compareRuns(left: RunDetail, right: RunDetail): RunComparison {
  const [ofLeft, ofRight] = [byId(left.phases), byId(right.phases)];
  const ids = [...new Set([...ofLeft.keys(), ...ofRight.keys()])];
  const differences = ids.flatMap((phaseId) => {
    const pair = { phaseId, left: ofLeft.get(phaseId) ?? null, right: ofRight.get(phaseId) ?? null };
    return isSame(pair.left, pair.right) ? [] : [pair];
  });
  return { left: left.run, right: right.run, differences, same: ids.length - differences.length };
}

function byId(phases: readonly Phase[]): ReadonlyMap<string, Phase> {
  return new Map(phases.map((phase) => [phase.phaseId, phase]));
}

/** Times differ always, and say nothing of what a phase came to. */
function isSame(left: PhaseOutcome | null, right: PhaseOutcome | null): boolean {
  return (
    left !== null &&
    right !== null &&
    left.state === right.state &&
    left.builderAttempts === right.builderAttempts &&
    left.tokensUsed === right.tokensUsed &&
    left.failureReason === right.failureReason
  );
}
