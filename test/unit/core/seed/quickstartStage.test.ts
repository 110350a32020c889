import assert from 'node:assert/strict';
import { quickstartStage } from '../../../../src/core/seed/quickstartStage.ts';
import type { StateCounts } from '../../../../src/core/model/state.ts';

const cases: readonly [title: string, phaseStates: StateCounts, have: number, stage: string][] = [
  ['seeds what is empty', {}, 0, 'seed'],
  ['drains what is queued', { QUEUED: 10 }, 0, 'drain-queued'],
  ['drains what is left in the queue', { QUEUED: 2, COMPLETE: 7, FAILED: 1 }, 7, 'drain-queued'],
  ['drains again what failed without a sample', { FAILED: 10 }, 0, 'drain-failed'],
  ['seeds more beside what failed', { COMPLETE: 9, FAILED: 1 }, 9, 'seed-more'],
  ['seeds more where nothing that was drained counts', { COMPLETE: 10 }, 0, 'seed-more'],
  ['has enough, whatever is queued', { QUEUED: 3, COMPLETE: 20 }, 20, 'report'],
];

describe('the stage of a quickstart', () => {
  for (const [title, phaseStates, have, stage] of cases) {
    it(title, () => assert.equal(quickstartStage({ phaseStates }, { have, need: 20 }), stage));
  }
});
