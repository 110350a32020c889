import type { PhaseKey } from '../model/phase.ts';
import type { State, StateCounts } from '../model/state.ts';

/** The states from which a phase can be queued again. What waits at a gate or in CI is somebody's turn. */
export const requeueableStates = ['FAILED', 'EXECUTING', 'COMPLETE', 'SKIPPED'] as const;

/** One of {@link requeueableStates}. */
export type RequeueableState = (typeof requeueableStates)[number];

/** Which phases are to be queued again: those that fit all that is given. */
export interface RequeueScope {
  readonly runIds?: readonly string[];
  /** Chosen phases. */
  readonly keys?: readonly PhaseKey[];
  /** Of a failure cluster. */
  readonly fingerprint?: string;
  /** FAILED, as a rule. */
  readonly states: readonly RequeueableState[];
  /** EXECUTING phases are taken only if they have not changed since: ms since the epoch. */
  readonly staleBefore: number;
}

/** A phase to be queued again, as it was when somebody agreed to that. */
export interface RequeuedPhase extends PhaseKey {
  readonly rowId: number;
  readonly state: State;
  /** Differs when somebody changed the phase since. */
  readonly revision: string;
}

/** What a scope comes to. */
export interface RequeueSelection {
  readonly phases: readonly RequeuedPhase[];
  /** Phases in scope that are left as they are, by state. */
  readonly left: StateCounts;
}

/** `12 FAILED of 3 runs`. */
export function requeueText(phases: readonly RequeuedPhase[]): string {
  const states = new Map<State, number>();
  for (const { state } of phases) states.set(state, (states.get(state) ?? 0) + 1);
  const counts = [...states].map(([state, count]) => `${count} ${state}`).join(', ');
  const runs = new Set(phases.map(({ runId }) => runId)).size;
  return `${counts} of ${runs} ${runs === 1 ? 'run' : 'runs'}`;
}
