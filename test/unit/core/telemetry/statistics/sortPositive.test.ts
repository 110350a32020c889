import assert from 'node:assert/strict';
import { seededRandom } from '../../../../../src/core/telemetry/statistics/seededRandom.ts';
import { orderOfPositive, sortPositive } from '../../../../../src/core/telemetry/statistics/sortPositive.ts';

describe('sorting of positive numbers', () => {
  for (const length of [0, 1, 100, 50_000]) {
    it(`puts ${length} of any size into their order`, () => {
      const random = seededRandom(length);
      const values = Float64Array.from({ length }, () => Math.exp(1400 * (random() - 0.5)));
      values.set([Number.MIN_VALUE, Number.MAX_VALUE, 1, 1, Infinity, 0].slice(0, length));
      const expected = values.slice().sort();
      const order = [...values.keys()].sort((a, b) => (values[a] ?? 0) - (values[b] ?? 0) || a - b);
      assert.deepEqual([...orderOfPositive(values)], order);
      assert.deepEqual(sortPositive(values), expected);
      // In place, whatever the number of passes.
      assert.deepEqual(values, expected);
    });
  }
});
