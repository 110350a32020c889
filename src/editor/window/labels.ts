import { phaseStates, type State, type StateCounts } from '../../core/model/state.ts';
import { drainableStates } from '../../core/queries/candidates.ts';
import { t } from '../../core/text/l10n.ts';
import { printable } from '../../core/text/printable.ts';
import { formatCount } from '../../core/text/quantities.ts';

const labels: Readonly<Record<State, () => string>> = {
  QUEUED: () => t`queued`,
  EXECUTING: () => t`executing`,
  GATE: () => t`at gate`,
  CI_RUNNING: () => t`CI running`,
  COMPLETE: () => t`complete`,
  FAILED: () => t`failed`,
  SKIPPED: () => t`skipped`,
  PENDING: () => t`pending`,
  IN_PROGRESS: () => t`in progress`,
  PLAN_BOOTSTRAP: () => t`planning`,
  RUN_CREATED: () => t`created`,
  PHASE_QUEUEING: () => t`queueing phases`,
  // It says so also while nobody executes any of its phases.
  PHASE_EXECUTION: () => t`in progress`,
  SNAPSHOT_CREATED: () => t`snapshot created`,
  DONE_SUCCESS: () => t`succeeded`,
  DONE_FAILED_BUDGET_EXHAUSTED: () => t`budget exhausted`,
  DONE_FAILED_POLICY_VIOLATION: () => t`policy violation`,
  DONE_FAILED_REQUIRES_HUMAN_REVIEW: () => t`needs human review`,
  DONE_FAILED_ENVIRONMENT: () => t`environment failure`,
};

/** How much is shown of a state that Autopack does not know, in UTF-16 units. */
const longestState = 60;

/** A state in words; one that Autopack does not know is shown as it is, cut and safe. */
export function stateLabel(state: State): string {
  const label = Object.hasOwn(labels, state) ? labels[state] : undefined;
  return label === undefined ? printable(state, longestState) : label();
}

/** `2 failed, 8 complete`: every state present, in the order in which a phase passes through them, unknown ones last. */
export function stateCountsLabel(counts: StateCounts): string {
  const known: readonly State[] = phaseStates;
  const present = [
    ...known,
    ...Object.keys(counts)
      .filter((state) => !known.includes(state))
      .sort(),
  ];
  const parts = present.flatMap((state) => {
    const count = counts[state] ?? 0;
    return count === 0 ? [] : [`${formatCount(count)} ${stateLabel(state)}`];
  });
  return parts.length === 0 ? t`no phases` : parts.join(', ');
}

/** Whether a drain would take a phase in this state. */
export function isDrainable(state: State): boolean {
  return drainableStates.includes(state);
}

/** How many phases a drain could take. */
export function drainableCount(counts: StateCounts): number {
  return drainableStates.reduce((sum, state) => sum + (counts[state] ?? 0), 0);
}
