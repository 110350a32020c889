/** Run states Autopack writes; others are shown as they are. */
export const runStates = [
  'QUEUED',
  'PLAN_BOOTSTRAP',
  'RUN_CREATED',
  'PHASE_QUEUEING',
  'PHASE_EXECUTION',
  'GATE',
  'CI_RUNNING',
  'SNAPSHOT_CREATED',
  'DONE_SUCCESS',
  'DONE_FAILED_BUDGET_EXHAUSTED',
  'DONE_FAILED_POLICY_VIOLATION',
  'DONE_FAILED_REQUIRES_HUMAN_REVIEW',
  'DONE_FAILED_ENVIRONMENT',
] as const;

/** Phase states Autopack writes, in the order in which a phase passes through them. */
export const phaseStates = [
  'QUEUED',
  'EXECUTING',
  'GATE',
  'CI_RUNNING',
  'COMPLETE',
  'FAILED',
  'SKIPPED',
] as const;

/** A phase state Autopack is known to write. */
export type KnownPhaseState = (typeof phaseStates)[number];

/** A state as stored, in upper case. Unknown ones are kept, never dropped. */
export type State = string;

/** How many phases are in each state; only states that occur have a key. */
export type StateCounts = Readonly<Record<State, number>>;

/** Upper-cases a stored state (older files hold `queued`), and names a missing one. */
export function normaliseState(stored: string | null): State {
  const trimmed = stored?.trim() ?? '';
  return trimmed === '' ? 'UNKNOWN' : trimmed.toUpperCase();
}

/** A state in the letter case in which a database stores them, as `stored` shows it. */
export function inCaseOf(stored: string | null, state: State): string {
  return stored !== null && stored !== stored.toUpperCase() ? state.toLowerCase() : state;
}

/** Whether the state is one of {@link phaseStates}. */
export function isKnownPhaseState(state: State): state is KnownPhaseState {
  return (phaseStates as readonly string[]).includes(state);
}
