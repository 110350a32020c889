import type { PhaseBrief } from '../../src/core/model/phaseBrief.ts';

/** A phase of a test, with what matters to it. */
export function phaseBrief(facts: Partial<PhaseBrief> = {}): PhaseBrief {
  return {
    runId: 'run',
    phaseId: 'phase',
    name: 'String helpers',
    description: 'Write helpers for strings.',
    category: 'implementation',
    complexity: 'low',
    deliverables: [],
    paths: [],
    readOnlyContext: [],
    acceptanceCriteria: [],
    constraints: [],
    lastFailureReason: null,
    ...facts,
  };
}
