import assert from 'node:assert/strict';
import {
  censoredMeans,
  type GroupValue,
} from '../../../../../src/core/telemetry/statistics/partialPooling.ts';
import { seededRandom } from '../../../../../src/core/telemetry/statistics/clusterBootstrap.ts';
import { normalNumbers } from '../calibration/simulatedSamples.ts';
import { close } from './close.ts';

const value = (group: number, one: number, censored = false): GroupValue => ({ group, value: one, censored });

describe('means of groups with censored values', () => {
  it('are the plain means without any, with a common variance widened to that of t', () => {
    const [first, second, none] = censoredMeans(
      3,
      [0, 2, 10, 12, 14].map((one, at) => value(at < 2 ? 0 : 1, one)),
    );
    close(first?.mean, 1, 1e-12);
    close(second?.mean, 12, 1e-12);
    // Squares 2 and 8 over 3 degrees of freedom, x 3 / (3 - 2).
    close(first?.variance, 10 / 2, 1e-9);
    close(second?.variance, 10 / 3, 1e-9);
    assert.equal(none, null);
  });

  it('find the truth where the largest fifth is cut off, which dropping and counting as they are both miss', () => {
    const normal = normalNumbers(seededRandom(3));
    const limit = 0.8416;
    const drawn = Array.from({ length: 4000 }, normal);
    const [found] = censoredMeans(
      1,
      drawn.map((one) => value(0, Math.min(one, limit), one > limit)),
    );
    close(found?.mean, 0, 0.05);
    // Each censored value tells less than a known one.
    const information = 1 / (found?.variance ?? NaN);
    assert.ok(information > 3200 * 0.9 && information < 4000 * 1.1, `${information}`);
    const known = drawn.filter((one) => one <= limit);
    assert.ok(known.reduce((sum, one) => sum + one, 0) / known.length < -0.3);
  });

  it('do not run away where all of a group is censored, or one bound is far above the others', () => {
    const [first, second] = censoredMeans(2, [
      value(0, 1, true),
      value(0, 2, true),
      value(1, 0),
      value(1, 0.1),
      value(1, 50, true),
    ]);
    for (const one of [first, second]) {
      assert.ok(one !== undefined && one !== null);
      assert.ok(Number.isFinite(one.mean) && Number.isFinite(one.variance) && one.variance > 0);
    }
  });
});
