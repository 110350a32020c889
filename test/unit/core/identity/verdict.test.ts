import assert from 'node:assert/strict';
import { summariseContent, unmetExpectations } from '../../../../src/core/identity/verdict.ts';
import type { TableCounts } from '../../../../src/core/model/databaseFacts.ts';

const counts: TableCounts = {
  runs: 1,
  phases: 10,
  llmUsageEvents: 0,
  tokenEstimationEvents: 0,
  tokenBudgetEscalationEvents: 0,
};
const seeded = { role: 'seed', counts, phaseStates: { QUEUED: 10 } } as const;

describe('verdict', () => {
  it('sums up what is there, and what is not', () => {
    assert.equal(summariseContent(seeded), '1 run, 10 phases QUEUED, 0 telemetry events');
    assert.equal(
      summariseContent({
        ...seeded,
        counts: { ...counts, tokenEstimationEvents: 1 },
        phaseStates: { FAILED: 1, COMPLETE: 8, QUEUED: 1 },
      }),
      '1 run, 8 phases COMPLETE and 1 FAILED and 1 QUEUED, 1 telemetry event',
    );
    assert.equal(
      summariseContent({
        role: 'unknown',
        counts: { ...counts, runs: null, phases: null, tokenEstimationEvents: null },
        phaseStates: {},
      }),
      'no table of runs, no table of phases, no telemetry table',
    );
    assert.match(summariseContent({ ...seeded, phaseStates: {} }), /, 0 phases,/);
  });

  it('finds nothing where all is as expected, or nothing was expected', () => {
    assert.deepEqual(unmetExpectations(seeded, {}), []);
    const expected = { role: 'seed', runs: 1, phaseStates: { QUEUED: 10 }, telemetryEvents: 0 } as const;
    assert.deepEqual(unmetExpectations(seeded, expected), []);
  });

  it('says what differs', () => {
    const found = {
      role: 'legacy',
      counts: { ...counts, runs: 2, tokenEstimationEvents: null },
      phaseStates: { QUEUED: 9, FAILED: 1 },
    } as const;
    const expected = { role: 'seed', runs: 1, phaseStates: { QUEUED: 10 }, telemetryEvents: 0 } as const;
    assert.deepEqual(unmetExpectations(found, expected), [
      'Expected a telemetry seed database, found a legacy backlog.',
      'Expected 1 run, found 2 runs.',
      'Expected 10 phases QUEUED, found 9 phases QUEUED and 1 FAILED.',
      'Expected 0 telemetry events, found no telemetry table.',
    ]);
  });
});
