import assert from 'node:assert/strict';
import { shuffledRanks } from '../../../../../src/core/telemetry/statistics/shuffledRanks.ts';

describe('shuffled ranks', () => {
  it('are every rank once, the same each time', () => {
    for (const count of [0, 1, 2, 300]) {
      const ranks = shuffledRanks(count);
      assert.deepEqual(
        ranks.slice().sort(),
        Uint32Array.from({ length: count }, (_, at) => at),
      );
      assert.deepEqual(shuffledRanks(count), ranks);
    }
  });

  it('follow no pattern: the first third of them holds about a third of each kind, whatever the period', () => {
    const ranks = shuffledRanks(3000);
    for (const period of [2, 3, 5, 10, 30]) {
      const chosen = new Uint32Array(period);
      for (const [at, rank] of ranks.entries())
        if (rank < 1000) chosen[at % period] = (chosen[at % period] ?? 0) + 1;
      // Hypergeometric: four standard deviations around a third.
      const expected = 1000 / period;
      for (const count of chosen)
        assert.ok(Math.abs(count - expected) < 4 * Math.sqrt(expected), `${period}: ${count}`);
    }
  });
});
