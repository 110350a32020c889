import assert from 'node:assert/strict';
import { cusum } from '../../../../../src/core/telemetry/statistics/cusum.ts';

/** Montgomery, Introduction to Statistical Quality Control, table 9.1: on target 10 up to sample 20, then on 11. */
const montgomery = [
  9.45, 7.99, 9.29, 11.66, 12.16, 10.18, 8.04, 11.46, 9.2, 10.34, 9.03, 11.47, 10.51, 9.4, 10.08, 9.37, 10.62,
  10.31, 8.52, 10.84, 10.9, 9.33, 12.29, 11.5, 10.6, 11.08, 10.38, 11.62, 11.31, 10.52,
];
const onTarget = { mean: 10, deviation: 1 };

describe('CUSUM', () => {
  it("signals at Montgomery's sample 29, and dates the change to the seven samples before", () => {
    // His counter N+ is 7 at sample 29: the sum left zero at sample 23. Indices here begin at 0.
    assert.deepEqual(cusum(montgomery, onTarget), { direction: 'up', at: 28, since: 22 });
  });

  it('signals a fall alike', () => {
    const mirrored = montgomery.map((value) => 20 - value);
    assert.deepEqual(cusum(mirrored, onTarget), { direction: 'down', at: 28, since: 22 });
  });

  it('keeps quiet while nothing has changed', () => {
    assert.equal(cusum(montgomery.slice(0, 20), onTarget), null);
    assert.equal(cusum([], onTarget), null);
  });
});
