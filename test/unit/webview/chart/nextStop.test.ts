import assert from 'node:assert/strict';
import { nextStop } from '../../../../src/webview/chart/pointSearch.ts';

describe('walking along a line by keys', () => {
  it('goes by one, by ten, and to either end, and never beyond', () => {
    const led = (key: string, from: number | null): number | null => nextStop(key, from, 25);
    assert.deepEqual(
      [led('ArrowRight', 3), led('ArrowLeft', 3), led('PageDown', 3), led('PageUp', 3)],
      [4, 2, 13, 0],
    );
    assert.deepEqual([led('Home', 9), led('End', 9), led('ArrowRight', 24)], [0, 24, 24]);
    assert.equal(led('ArrowRight', null), 0);
  });

  it('leaves other keys to others, and goes nowhere where there is nothing', () => {
    assert.equal(nextStop('a', 3, 25), null);
    assert.equal(nextStop('End', null, 0), null);
  });
});
