import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parseTelemetryPageMessage } from '../../../../src/protocol/telemetryPageMessage.ts';
import { telemetryProtocolVersion as version } from '../../../../src/protocol/telemetryProtocol.ts';
import {
  initialState,
  parseTolerance,
  restoreState,
  type PageState,
} from '../../../../src/webview/model/pageState.ts';
import { noFilter } from '../../../../src/core/telemetry/page/telemetryFilter.ts';

describe('kept state of the telemetry page', () => {
  it('comes back as it was', () => {
    const state: PageState = {
      options: { successOnly: false, stratify: true, underMultiplier: 1.2, includeSynthetic: false },
      groupSort: { column: 'samples', descending: true },
      modelSort: { column: 'drift', descending: false },
      filter: {
        run: 'collection',
        models: ['some-model'],
        categories: ['docs', 'tests'],
        complexities: ['low'],
        qualities: ['truncated', 'clean'],
        reasons: ['total-tokens', 'duplicate'],
        from: 1_700_000_000_000,
        until: null,
        predicted: { from: 100, to: 2000 },
        actual: null,
      },
      compared: noFilter,
      openTables: ['points'],
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
          { options: { underMultiplier: rest }, filter: rest, openTables: rest },
          {
            filter: {
              run: rest,
              qualities: rest,
              reasons: rest,
              from: rest,
              predicted: { from: rest, to: 1 },
            },
            compared: rest,
          },
        ]) {
          const state = restoreState(odd);
          assert.ok(state.options.underMultiplier > 0 && state.options.underMultiplier <= 100);
          assert.ok(state.openTables.every((name) => typeof name === 'string'));
          const message = {
            version,
            kind: 'analyse',
            request: 1,
            options: state.options,
            filter: state.filter,
            compared: state.compared,
          };
          assert.deepEqual(parseTelemetryPageMessage(message), message, 'the host understands it');
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
