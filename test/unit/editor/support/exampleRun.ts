import type { RunSummary } from '../../../../src/core/model/run.ts';

/** A run with everything a row could show; `phaseCount` follows from its states. */
export function exampleRun(changes: Partial<RunSummary> = {}): RunSummary {
  const phaseStates = changes.phaseStates ?? { QUEUED: 10 };
  return {
    id: 'telemetry-collection-v4',
    state: 'RUN_CREATED',
    createdAt: Date.UTC(2025, 11, 24, 10),
    updatedAt: null,
    startedAt: null,
    completedAt: null,
    tokenCap: 500_000,
    tokensUsed: 0,
    failureReason: null,
    goal: null,
    phaseStates,
    phaseCount: Object.values(phaseStates).reduce((sum, count) => sum + count, 0),
    ...changes,
  };
}
