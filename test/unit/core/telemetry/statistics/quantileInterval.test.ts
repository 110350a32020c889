import assert from 'node:assert/strict';
import { BinomialDistribution } from '../../../../../src/core/telemetry/statistics/binomialDistribution.ts';
import {
  quantileInterval,
  quantileRanks,
} from '../../../../../src/core/telemetry/statistics/drawnSurvival.ts';
import { seededRandom } from '../../../../../src/core/telemetry/statistics/clusterBootstrap.ts';
import { close } from './close.ts';

describe('quantile interval', () => {
  // scipy 1.17, stats.binom.cdf.
  it('has the binomial distribution of scipy, up to a million trials', () => {
    close(new BinomialDistribution(10, 0.5).atMost(2), 0.0546875, 1e-12);
    close(new BinomialDistribution(100, 0.9).atMost(84), 0.03989052711108335, 1e-12);
    close(new BinomialDistribution(37, 0.05).atMost(4), 0.9640714880563191, 1e-12);
    close(new BinomialDistribution(1_000_000, 0.95).atMost(949_500), 0.01104112239113475, 1e-11);
  });

  // Conover, table A3, and ranks counted off scipy's distribution by hand.
  it('takes the ranks of the binomial tables', () => {
    assert.deepEqual(quantileRanks(6, 0.5), [1, 6]);
    assert.deepEqual(quantileRanks(10, 0.5), [2, 9]);
    assert.deepEqual(quantileRanks(40, 0.9), [32, 40]);
    assert.deepEqual(quantileRanks(100, 0.9), [84, 96]);
    assert.deepEqual(quantileRanks(72, 0.95), [64, 72]);
    assert.deepEqual(quantileRanks(200, 0.95), [184, 197]);
    assert.deepEqual(quantileRanks(2000, 0.5), [956, 1045]);
  });

  it('gives none where even the extremes would promise too much', () => {
    assert.equal(quantileRanks(5, 0.5), null);
    assert.equal(quantileRanks(59, 0.95), null);
    assert.equal(quantileInterval([], 0.5), null);
  });

  it('covers as stated, whatever the distribution', () => {
    const random = seededRandom(7);
    const truth = 0.9 ** 3;
    let covered = 0;
    for (let repetition = 0; repetition < 2000; repetition += 1) {
      const sorted = Float64Array.from({ length: 50 }, () => random() ** 3).sort();
      const interval = quantileInterval(sorted, 0.9);
      if (interval !== null && interval.low <= truth && truth <= interval.high) covered += 1;
    }
    assert.ok(covered / 2000 > 0.94, `${covered} of 2000`);
  });
});
