import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  betweenVariance,
  commonMean,
  shrink,
} from '../../../../../src/core/telemetry/statistics/partialPooling.ts';
import { close } from './close.ts';

/** BCG vaccine against tuberculosis, 13 trials (Colditz et al. 1994): cases and others, vaccinated and control. */
const trials = [
  [4, 119, 11, 128],
  [6, 300, 29, 274],
  [3, 228, 11, 209],
  [62, 13_536, 248, 12_619],
  [33, 5036, 47, 5761],
  [180, 1361, 372, 1079],
  [8, 2537, 10, 619],
  [505, 87_886, 499, 87_892],
  [29, 7470, 45, 7232],
  [17, 1699, 65, 1600],
  [186, 50_448, 141, 27_197],
  [5, 2493, 3, 2338],
  [27, 16_886, 29, 17_825],
] as const;
const groups = trials.map(([a, b, c, d]) => ({
  mean: Math.log(a / (a + b) / (c / (c + d))),
  variance: 1 / a - 1 / (a + b) + 1 / c - 1 / (c + d),
}));

describe('partial pooling', () => {
  // Published with the R package metafor for these trials, method "DL": tau^2 0.3088, mean -0.7141, error 0.1787.
  it('gives the published common mean and variance between groups', () => {
    const common = commonMean(groups, betweenVariance([groups]));
    close(common.between, 0.3088, 5e-5);
    close(common.mean, -0.7141, 5e-5);
    close(Math.sqrt(common.variance), 0.1787, 5e-5);
  });

  it('finds no variance between groups that differ less than chance would make them', () => {
    const alike = [1, 1.01, 0.99].map((mean) => ({ mean, variance: 1 }));
    assert.equal(betweenVariance([alike]), 0);
    assert.equal(betweenVariance([alike.slice(0, 1)]), 0);
  });

  it('takes families of groups together, each around its own mean', () => {
    const shifted = groups.map(({ mean, variance }) => ({ mean: mean + 5, variance }));
    close(betweenVariance([groups, shifted]), betweenVariance([groups]), 1e-9);
  });

  it('puts a group between its own mean and the common one, nearer to what is better known', () => {
    const prior = { mean: 0, variance: 0.01, between: 0.25 };
    close(shrink({ mean: 1, variance: 0.25 }, prior).mean, 0.5, 1e-12);
    assert.equal(shrink({ mean: 1, variance: 0.25 }, { ...prior, between: 0 }).mean, 0);
    fc.assert(
      fc.property(
        fc.double({ min: -3, max: 3, noNaN: true }),
        fc.double({ min: 1e-6, max: 10, noNaN: true }),
        (mean, variance) => {
          const pooled = shrink({ mean, variance }, prior);
          assert.ok(Math.abs(pooled.mean) <= Math.abs(mean) && pooled.mean * mean >= 0);
          assert.ok(pooled.ownWeight > 0 && pooled.ownWeight < 1);
        },
      ),
    );
  });
});
