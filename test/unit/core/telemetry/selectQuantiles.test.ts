import assert from 'node:assert/strict';
import { selectQuantiles } from '../../../../src/core/telemetry/analysis/errorFigures.ts';
import { plainQuantile } from '../../../../src/core/telemetry/statistics/survival.ts';
import { seededRandom } from '../../../../src/core/telemetry/statistics/clusterBootstrap.ts';

describe('selection of quantiles', () => {
  const probabilities = [0, 0.5, 0.9, 0.95, 1];

  it('finds what sorting finds, whatever the number of values and ties', () => {
    const random = seededRandom(4);
    for (let length = 1; length < 300; length += 1) {
      const values = Float64Array.from({ length }, () => Math.floor(random() * 40) / 7);
      const sorted = values.toSorted();
      const expected = probabilities.map((probability) => plainQuantile(sorted, probability));
      const found = selectQuantiles(values, probabilities);
      for (const [index, value] of found.entries())
        assert.ok(Math.abs(value - (expected[index] ?? NaN)) < 1e-12, `${length} values`);
    }
  });

  it('finds none of none', () => {
    assert.deepEqual(selectQuantiles(new Float64Array(), probabilities), []);
  });
});
