import assert from 'node:assert/strict';
import fc from 'fast-check';
import { momentDistance, nextSameMoment } from '../../../../../src/core/telemetry/logs/callMatch.ts';

const widest = 26 * 3_600_000;

describe('moments', () => {
  it('leave nothing out that is between one and the next of the same call', () => {
    const time = Date.UTC(2025, 11, 29);
    const apart = fc.oneof(
      fc.integer({ min: -widest - 20_000, max: widest + 20_000 }),
      fc.constantFrom(-widest - 1, -widest, -widest + 5001, -5001, -5000, 5000, 5001, widest, widest + 1),
    );
    fc.assert(
      fc.property(apart, fc.double({ min: 0, max: 1, noNaN: true }), (from, part) => {
        const next = nextSameMoment(time, time + from);
        if (next !== Infinity) assert.notEqual(momentDistance(time, next), null);
        const end = Math.min(next, time + widest + 20_000);
        const between = Math.floor(time + from + part * (end - time - from));
        assert.ok(next >= time + from);
        if (between < next) assert.equal(momentDistance(time, between), null);
      }),
      { numRuns: 2000 },
    );
  });
});
