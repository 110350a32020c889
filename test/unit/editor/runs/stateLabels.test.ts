import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { phaseStates, runStates } from '../../../../src/core/model/state.ts';
import { stateCountsLabel, stateLabel } from '../../../../src/editor/window/labels.ts';

describe('state labels', () => {
  it('has words for every state of Autopack', () => {
    for (const state of [...phaseStates, ...runStates]) assert.notEqual(stateLabel(state), state);
  });

  it('shows an unknown state as it is', () => {
    assert.equal(stateLabel('PAUSED_BY_MOON'), 'PAUSED_BY_MOON');
  });

  it('counts in the order in which phases pass through the states, unknown ones last', () => {
    const counts = { ZZZ: 1, FAILED: 1200, COMPLETE: 2, QUEUED: 3 };
    assert.equal(stateCountsLabel(counts), '3 queued, 2 complete, 1,200 failed, 1 ZZZ');
    assert.equal(stateCountsLabel({}), 'no phases');
  });
});
