import assert from 'node:assert/strict';
import { wilcoxonRankSum } from 'simple-statistics';
import { holmCorrection, rankSumTest } from '../../../../../src/core/telemetry/statistics/rankSum.ts';
import { seededRandom } from '../../../../../src/core/telemetry/statistics/clusterBootstrap.ts';
import { close } from './close.ts';

const sorted = (values: readonly number[]): Float64Array => Float64Array.from(values).sort();

describe('rank-sum test', () => {
  // Hollander and Wolfe, table 4.1: permeability of the chorioamnion. U is theirs; p by scipy 1.17, asymptotic.
  it('agrees with the textbook without ties', () => {
    const term = [0.8, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46];
    const early = [1.15, 0.88, 0.9, 0.74, 1.21];
    const { u, pValue } = rankSumTest(sorted(term), sorted(early));
    assert.equal(u, 35);
    close(pValue, 0.24462360512698333);
  });

  // scipy 1.17, stats.mannwhitneyu(method='asymptotic').
  it('corrects for ties', () => {
    const first = [1, 2, 2, 3, 3, 3, 4, 5, 5, 7, 8, 8];
    const second = [3, 4, 5, 5, 6, 6, 7, 8, 8, 9, 9, 12, 12];
    const { u, pValue } = rankSumTest(sorted(first), sorted(second));
    assert.equal(u, 31.5);
    close(pValue, 0.011749688758734384);
    close(rankSumTest(sorted(second), sorted(first)).pValue, pValue, 1e-12);
  });

  it('agrees with the library where many values are equal', () => {
    const random = seededRandom(3);
    const [first, second] = [230, 170].map((length) =>
      Array.from({ length }, () => Math.floor(random() * 20)),
    ) as [number[], number[]];
    const { u } = rankSumTest(sorted(first), sorted(second));
    assert.equal(u, wilcoxonRankSum(first, second) - (230 * 231) / 2);
  });

  it('finds nothing where there is nothing to compare', () => {
    assert.equal(rankSumTest(sorted([]), sorted([1])).pValue, 1);
    assert.equal(rankSumTest(sorted([2, 2]), sorted([2, 2, 2])).pValue, 1);
  });

  // By hand: 0.005 x 4, 0.01 x 3, 0.03 x 2, and 0.04 x 1, which must not be below the one before it.
  it("corrects for many comparisons by Holm's method", () => {
    const corrected = holmCorrection([0.01, 0.04, 0.03, 0.005]);
    for (const [index, expected] of [0.03, 0.06, 0.06, 0.02].entries())
      close(corrected[index], expected, 1e-12);
  });
});
