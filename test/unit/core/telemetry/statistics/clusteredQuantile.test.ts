import assert from 'node:assert/strict';
import { bootstrapQuantiles } from '../../../../../src/core/telemetry/evidence/bootstrapQuantiles.ts';
import { clusteredQuantileInterval } from '../../../../../src/core/telemetry/statistics/clusteredQuantile.ts';
import { quantileRanks } from '../../../../../src/core/telemetry/statistics/quantileInterval.ts';
import { seededRandom } from '../../../../../src/core/telemetry/statistics/seededRandom.ts';
import { plainQuantile } from '../../../../../src/core/telemetry/statistics/survivalQuantiles.ts';
import { normalNumbers } from '../calibration/simulatedSamples.ts';
import { close } from './close.ts';

/** Sums of a part common to their cluster and a part of their own, both standard normal: half of the variance is common. */
function draw(normal: () => number, clusters: number, size: number) {
  const values = new Float64Array(clusters * size);
  for (let cluster = 0; cluster < clusters; cluster += 1) {
    const common = normal();
    for (let one = 0; one < size; one += 1) values[cluster * size + one] = common + normal();
  }
  return values;
}

function intervalOf(values: Float64Array, size: number, probability: number) {
  const sorted = values.slice().sort();
  const quantile = plainQuantile(sorted, probability);
  const hits = new Uint32Array(values.length / size);
  for (const [at, value] of values.entries()) {
    const cluster = Math.floor(at / size);
    if (value <= quantile) hits[cluster] = (hits[cluster] ?? 0) + 1;
  }
  return clusteredQuantileInterval(sorted, { hits, sizes: hits.map(() => size) });
}

describe('quantile interval over clusters', () => {
  for (const [probability, deviations] of [
    [0.5, 0],
    [0.9, 1.2815515655446004],
    [0.95, 1.6448536269514722],
  ] as const) {
    it(`covers the quantile of ${probability} as stated, where samples of a cluster depend on each other`, () => {
      const normal = normalNumbers(seededRandom(11));
      let covered = 0;
      for (let repetition = 0; repetition < 2000; repetition += 1) {
        const interval = intervalOf(draw(normal, 100, 5), 5, probability);
        const truth = deviations * Math.SQRT2;
        if (interval !== null && interval.low <= truth && truth <= interval.high) covered += 1;
      }
      // Four standard errors of a share of 95 % over 2,000 repetitions are 1.9 points.
      close(covered / 2000, 0.95, 0.019);
    });
  }

  it('agrees with resampling where there are many', () => {
    const values = draw(normalNumbers(seededRandom(5)), 1000, 2);
    const indices = Uint32Array.from(values.keys());
    const resampled = bootstrapQuantiles(
      indices,
      (at) => values[at] ?? NaN,
      (at) => at >> 1,
      [0.5, 0.9],
    );
    for (const [index, probability] of [0.5, 0.9].entries()) {
      const [own, other] = [intervalOf(values, 2, probability), resampled[index]];
      close(own?.low, other?.low ?? NaN, 0.04);
      close(own?.high, other?.high ?? NaN, 0.04);
    }
  });

  it('takes about the ranks of the binomial distribution where every cluster has one sample', () => {
    const sorted = Float64Array.from({ length: 2000 }, (_, index) => index + 1);
    const hits = Uint32Array.from({ length: 2000 }, (_, index) => Number(index < 1000));
    const interval = clusteredQuantileInterval(sorted, { hits, sizes: hits.map(() => 1) });
    const [low, high] = quantileRanks(2000, 0.5) ?? [];
    close(interval?.low, low ?? NaN, 2);
    close(interval?.high, high ?? NaN, 2);
  });

  it('is not known of a single cluster', () => {
    assert.equal(clusteredQuantileInterval(Float64Array.of(1, 2), { hits: [1], sizes: [2] }), null);
    assert.equal(clusteredQuantileInterval(Float64Array.of(), { hits: [], sizes: [] }), null);
  });
});
