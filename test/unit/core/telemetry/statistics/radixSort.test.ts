import assert from 'node:assert/strict';
import { seededRandom } from '../../../../../src/core/telemetry/statistics/clusterBootstrap.ts';
import {
  mergeSorted,
  orderOfPositive,
  sortPositive,
  sortWithLabels,
} from '../../../../../src/core/telemetry/statistics/radixSort.ts';

describe('sorting of positive numbers', () => {
  for (const length of [0, 1, 100, 50_000]) {
    it(`puts ${length} of any size into their order`, () => {
      const random = seededRandom(length);
      const values = Float64Array.from({ length }, () => Math.exp(1400 * (random() - 0.5)));
      values.set([Number.MIN_VALUE, Number.MAX_VALUE, 1, 1, Infinity, 0].slice(0, length));
      const expected = values.slice().sort();
      const order = [...values.keys()].sort((a, b) => (values[a] ?? 0) - (values[b] ?? 0) || a - b);
      assert.deepEqual([...orderOfPositive(values)], order);
      const signed = values.map((value, at) => (at % 3 === 0 ? -value : value));
      const expectedLabels = [...signed.keys()].sort((a, b) => (signed[a] ?? 0) - (signed[b] ?? 0) || a - b);
      const found = sortWithLabels(signed, Uint32Array.from(signed.keys()));
      assert.deepEqual([...found.labels], expectedLabels);
      assert.deepEqual(
        [...found.values],
        expectedLabels.map((at) => signed[at]),
      );
      assert.deepEqual(sortPositive(values), expected);
      // In place, whatever the number of passes.
      assert.deepEqual(values, expected);
    });
  }

  const close = (at: number): number => 1 + ((at * 7919) % 30_011) * Number.EPSILON;
  for (const [name, value] of [
    ['equal', () => 2.5],
    ['different in their last bits only', close],
    ['alike in pairs', (at: number) => 1 + ((at >> 1) % 9973) * 2 ** -20 + (at % 2 === 0 ? 2 ** -40 : 0)],
    ['of few sizes', (at: number) => [0.5, 2, 3][at % 3] ?? 0],
  ] as const) {
    it(`keeps the order of the indices where numbers are ${name}`, () => {
      const values = Float64Array.from({ length: 30_000 }, (_, at) => value(at));
      const order = [...values.keys()].sort((a, b) => (values[a] ?? 0) - (values[b] ?? 0) || a - b);
      assert.deepEqual([...orderOfPositive(values)], order);
    });
  }

  it('merges sorted lists to what sorting all of them gives, whichever of them are empty', () => {
    for (const lengths of [[], [0], [3], [0, 5, 0], [40_000, 1, 30_000], [2, 3, 5, 7, 11]]) {
      const random = seededRandom(lengths.length);
      const lists = lengths.map((length, list) => {
        const values = Float64Array.from({ length }, () => Math.round(1000 * random()) - 300);
        return sortWithLabels(values, new Uint32Array(length).fill(list));
      });
      const all = Float64Array.from(lists.flatMap(({ values }) => [...values]));
      const labels = Uint32Array.from(lists.flatMap((own) => [...own.labels]));
      assert.deepEqual(mergeSorted(lists), sortWithLabels(all, labels));
    }
  });
});
