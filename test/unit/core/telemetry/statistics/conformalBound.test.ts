import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  conformalBound,
  conformalRank,
} from '../../../../../src/core/telemetry/statistics/conformalBound.ts';
import { seededRandom } from '../../../../../src/core/telemetry/statistics/seededRandom.ts';
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
    assert.equal(conformalBound([1, 2, 3], 0.05), null);
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

  // Exchangeable continuous scores: the next one exceeds the bound with probability 1 - rank / (n + 1), exactly.
  for (const scores of [19, 25, 40]) {
    it(`bounds the next of ${scores + 1} scores as often as stated, in 2,000 repetitions`, () => {
      const random = seededRandom(scores);
      let exceeded = 0;
      for (let repetition = 0; repetition < 2000; repetition += 1) {
        const drawn = Array.from({ length: scores }, () => 1 / random());
        if (1 / random() > (conformalBound(drawn, 0.05) ?? 0)) exceeded += 1;
      }
      const expected = 1 - (conformalRank(scores, 0.05).rank ?? 0) / (scores + 1);
      assert.ok(expected <= 0.05 + 1e-12);
      close(exceeded / 2000, expected, 3 * Math.sqrt((expected * (1 - expected)) / 2000));
    });
  }
});
