import assert from 'node:assert/strict';
import { BinomialDistribution } from '../../../../../src/core/telemetry/statistics/binomialDistribution.ts';
import { wilsonInterval } from '../../../../../src/core/telemetry/statistics/interval.ts';
import { close } from './close.ts';

describe('Wilson interval', () => {
  // Newcombe 1998, Statistics in Medicine 17:857, table I, method 3.
  for (const [successes, trials, low, high] of [
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ] as const) {
    it(`gives Newcombe's limits for ${successes} of ${trials}`, () => {
      const interval = wilsonInterval(successes, trials);
      close(interval.low, low, 5e-5);
      close(interval.high, high, 5e-5);
    });
  }

  it('knows nothing without a trial', () => {
    assert.deepEqual(wilsonInterval(0, 0), { low: 0, high: 1 });
  });

  it('mirrors for the complement', () => {
    const [rate, rest] = [wilsonInterval(7, 40), wilsonInterval(33, 40)];
    close(rate.low, 1 - rest.high);
    close(rate.high, 1 - rest.low);
  });

  it('covers as stated: 95 % on average over rates from 1 to 99 %, 90 % where the truth is least kind', () => {
    const coverages = Array.from({ length: 99 }, (_, index) => coverage(40, (index + 1) / 100));
    const mean = coverages.reduce((sum, one) => sum + one, 0) / coverages.length;
    close(mean, 0.95, 0.006);
    assert.ok(Math.min(...coverages) > 0.9, `least ${Math.min(...coverages)}`);
  });
});

/** The exact chance that the interval holds the truth. */
function coverage(trials: number, truth: number): number {
  const distribution = new BinomialDistribution(trials, truth);
  let covered = 0;
  for (let k = 0; k <= trials; k += 1) {
    const { low, high } = wilsonInterval(k, trials);
    if (low <= truth && truth <= high) covered += distribution.atMost(k) - distribution.atMost(k - 1);
  }
  return covered;
}
