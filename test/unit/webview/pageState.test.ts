import assert from 'node:assert/strict';
import fc from 'fast-check';
import { initialState, parseTolerance, restoreState } from '../../../src/webview/pageState.ts';
import type { PageState } from '../../../src/webview/pageState.ts';

describe('kept state of the telemetry page', () => {
  it('comes back as it was', () => {
    const state: PageState = {
      options: { successOnly: false, stratify: true, underMultiplier: 1.2, includeSynthetic: false },
      groupSort: { column: 'samples', descending: true },
      hiddenCategories: ['docs'],
      pointsOpen: true,
      scrollTop: 320,
    };
    assert.deepEqual(restoreState(JSON.parse(JSON.stringify(state))), state);
  });

  it('starts anew from nothing, with success only on', () => {
    assert.deepEqual(restoreState(undefined), initialState);
    assert.equal(initialState.options.successOnly, true);
  });

  it('is a usable state whatever was kept', () => {
    fc.assert(
      fc.property(fc.anything(), fc.anything(), fc.anything(), (kept, options, rest) => {
        for (const odd of [
          kept,
          { options },
          { options: { underMultiplier: rest }, hiddenCategories: rest },
        ]) {
          const state = restoreState(odd);
          assert.ok(state.options.underMultiplier > 0 && state.options.underMultiplier <= 100);
          assert.ok(state.hiddenCategories.every((name) => typeof name === 'string'));
          assert.ok(state.scrollTop >= 0);
        }
      }),
    );
  });
});

describe('typed tolerance', () => {
  it('is a number above 0, at most 100', () => {
    assert.deepEqual(['1.2', ' 1 ', '100', 0.5].map(parseTolerance), [1.2, 1, 100, 0.5]);
    assert.deepEqual(['', ' ', '0', '-1', '101', 'x', NaN, null].map(parseTolerance), Array(8).fill(null));
  });
});
