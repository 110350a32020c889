import type { PhaseSnapshot } from '../../src/core/model/phaseObservation.ts';

/** A QUEUED phase that nobody has tried, with what a test says of it besides. */
export function phaseSnapshot(given: Partial<PhaseSnapshot> = {}): PhaseSnapshot {
  return {
    phaseId: 'p',
    phaseIndex: 0,
    tierIndex: 0,
    rowId: 1,
    state: 'QUEUED',
    failureReason: null,
    work: { attempts: [0, 0], tokens: 0, startedAt: null, completedAt: null },
    revision: '1',
    ...given,
  };
}
