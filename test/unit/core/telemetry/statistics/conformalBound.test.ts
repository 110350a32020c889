import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  conformalBound,
  conformalRank,
  infiniteShare,
  toleranceRank,
} from '../../../../../src/core/telemetry/statistics/conformalBound.ts';
import { seededRandom } from '../../../../../src/core/telemetry/statistics/clusterBootstrap.ts';
import { close } from './close.ts';

describe('split conformal bound', () => {
  it('takes the rank ceil((n + 1)(1 - alpha))', () => {
    assert.deepEqual(conformalRank(19, 0.05), { rank: 19, missing: 0 });
    assert.deepEqual(conformalRank(39, 0.05), { rank: 38, missing: 0 });
    assert.deepEqual(conformalRank(100, 0.05), { rank: 96, missing: 0 });
    assert.deepEqual(conformalRank(9, 0.1), { rank: 9, missing: 0 });
  });

  it('says how many scores are missing: 5 % needs 19', () => {
    assert.deepEqual(conformalRank(18, 0.05), { rank: null, missing: 1 });
    assert.deepEqual(conformalRank(0, 0.05), { rank: null, missing: 19 });
    assert.equal(conformalBound(Float64Array.of(1, 2, 3), 0.05), null);
  });

  it('has enough once the missing ones are there, and not one earlier', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 500 }), fc.integer({ min: 1, max: 50 }), (scores, percent) => {
        const { rank, missing } = conformalRank(scores, percent / 100);
        assert.equal(rank === null, missing > 0);
        if (missing === 0) return;
        assert.notEqual(conformalRank(scores + missing, percent / 100).rank, null);
        assert.equal(conformalRank(scores + missing - 1, percent / 100).rank, null);
      }),
    );
  });

  it('counts what no bound can hold, and as many more as chance may have hidden', () => {
    assert.deepEqual(conformalRank(20, 0.05, 1), { rank: null, missing: 59 });
    assert.deepEqual(conformalRank(79, 0.05, 1), { rank: 78, missing: 0 });
    // Without the allowance it would be 191, of 200.
    assert.deepEqual(conformalRank(200, 0.05, 3), { rank: 194, missing: 0 });
    const scores = Float64Array.from({ length: 79 }, (_, at) => (at === 0 ? Infinity : at));
    assert.equal(conformalBound(scores, 0.05), 78);
  });

  // Scipy 1.17, stats.beta.ppf(0.8, count + 1, n - count).
  it('knows the share of what no bound can hold to 80 %', () => {
    close(infiniteShare(1, 79), 0.03742722, 1e-6);
    close(infiniteShare(3, 200), 0.02740209, 1e-6);
    assert.equal(infiniteShare(5, 5), 1);
  });

  it('is sure of 95 % with 59 scores, of 90 % with 29, and says how many are missing', () => {
    assert.deepEqual(toleranceRank(59, 0.95, 0.95), { rank: 59, missing: 0 });
    assert.deepEqual(toleranceRank(58, 0.95, 0.95), { rank: null, missing: 1 });
    assert.deepEqual(toleranceRank(29, 0.9, 0.95), { rank: 29, missing: 0 });
    assert.deepEqual(toleranceRank(0, 0.9, 0.95), { rank: null, missing: 29 });
    // Hahn and Meeker, table J.11: the largest but one of 93.
    assert.deepEqual(toleranceRank(93, 0.95, 0.95), { rank: 92, missing: 0 });
    assert.deepEqual(toleranceRank(59, 0.95, 0.95, 1), { rank: null, missing: 34 });
  });

  // Exchangeable continuous scores: the next one exceeds the bound with probability 1 - rank / (n + 1), exactly.
  for (const scores of [19, 25, 40]) {
    it(`bounds the next of ${scores + 1} scores as often as stated, in 2,000 repetitions`, () => {
      const random = seededRandom(scores);
      let exceeded = 0;
      for (let repetition = 0; repetition < 2000; repetition += 1) {
        const drawn = Float64Array.from({ length: scores }, () => 1 / random());
        if (1 / random() > (conformalBound(drawn, 0.05) ?? 0)) exceeded += 1;
      }
      const expected = 1 - (conformalRank(scores, 0.05).rank ?? 0) / (scores + 1);
      assert.ok(expected <= 0.05 + 1e-12);
      close(exceeded / 2000, expected, 3 * Math.sqrt((expected * (1 - expected)) / 2000));
    });
  }
});
