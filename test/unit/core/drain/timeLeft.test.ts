import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import fc from 'fast-check';
import { timeLeft, timeLeftLabel } from '../../../../src/core/drain/timeLeft.ts';

const minute = 60_000;

describe('the time a drain has left', () => {
  it('is not guessed from fewer than two phases', () => {
    assert.equal(timeLeft({ durations: [1000], remaining: 3, elapsed: 0, timeout: minute }), null);
    assert.equal(timeLeft({ durations: [1000, 1000], remaining: 0, elapsed: 0, timeout: minute }), null);
  });

  it('is sure where every phase took the same time, and takes off what has passed', () => {
    const left = timeLeft({
      durations: [minute, minute],
      remaining: 5,
      elapsed: minute / 2,
      timeout: Infinity,
    });
    assert.deepEqual(left, { least: 4.5 * minute, most: 4.5 * minute });
  });

  it('is less sure the more the phases differ, and surer the more are known', () => {
    const width = (durations: readonly number[]): number => {
      const left = timeLeft({ durations, remaining: 4, elapsed: 0, timeout: Infinity });
      return left === null ? NaN : left.most - left.least;
    };
    assert.ok(width([50, 70]) < width([20, 100]));
    assert.ok(width([40, 80, 40, 80, 40, 80, 40, 80]) < width([40, 80]));
  });

  it('holds for four of five drains whose phases are alike', () => {
    // Phases between one and three minutes, drawn by a fixed generator.
    let state = 42;
    const random = (): number => (state = (state * 1_103_515_245 + 12_345) % 2 ** 31) / 2 ** 31;
    const draw = (): number => minute * (1 + 2 * random());
    let held = 0;
    for (let drain = 0; drain < 2000; drain += 1) {
      const durations = Array.from({ length: 4 }, draw);
      const left = timeLeft({ durations, remaining: 6, elapsed: 0, timeout: Infinity });
      const real = Array.from({ length: 6 }, draw).reduce((sum, each) => sum + each, 0);
      if (left !== null && left.least <= real && real <= left.most) held += 1;
    }
    assert.ok(held / 2000 > 0.75 && held / 2000 < 0.88, `${held / 2000}`);
  });

  it('is an interval within what the timeout allows, whatever was measured', () => {
    const durations = fc.array(fc.integer({ min: 1, max: 900_000 }), { minLength: 2, maxLength: 30 });
    fc.assert(
      fc.property(
        durations,
        fc.integer({ min: 1, max: 50 }),
        fc.integer({ min: 0, max: 900_000 }),
        (known, remaining, elapsed) => {
          const left = timeLeft({ durations: known, remaining, elapsed, timeout: 900_000 });
          return (
            left !== null && left.least >= 0 && left.most >= left.least && left.most <= remaining * 900_000
          );
        },
      ),
    );
  });

  it('is said as roughly as it is known', () => {
    assert.equal(timeLeftLabel({ least: 4.2 * minute, most: 8.7 * minute }), '4–9 min left');
    assert.equal(timeLeftLabel({ least: 31_000, most: 44_000 }), '30–45 s left');
    assert.equal(timeLeftLabel({ least: 0, most: 9000 }), 'under 10 s left');
    assert.equal(timeLeftLabel({ least: 100, most: 3 * minute }), 'up to 3 min left');
    assert.equal(timeLeftLabel({ least: 5 * minute, most: 5 * minute }), 'about 5 min left');
  });
});
