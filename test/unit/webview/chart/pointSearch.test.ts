import assert from 'node:assert/strict';
import { nearestPoint, PointWalk } from '../../../../src/webview/chart/pointSearch.ts';

describe('pointing into the scatter plot', () => {
  const placed = { left: Float64Array.of(10, 50, 50, NaN), top: Float64Array.of(10, 50, 50, NaN) };

  it('finds the nearest point within reach, the topmost of those at one place', () => {
    assert.equal(nearestPoint(placed, 12, 12, 18), 0);
    assert.equal(nearestPoint(placed, 45, 45, 18), 2);
  });

  it('finds none out of reach', () => {
    assert.equal(nearestPoint(placed, 30, 30, 18), null);
  });
});

describe('walking the scatter plot by keys', () => {
  const points = [
    { predicted: 300, actual: 10 },
    { predicted: 100, actual: 30 },
    { predicted: 200, actual: 20 },
  ];
  const walk = new PointWalk(points);

  it('goes by prediction to the right and left, by use up and down', () => {
    assert.equal(walk.next(null, 'ArrowRight'), 1);
    assert.equal(walk.next(1, 'ArrowRight'), 2);
    assert.equal(walk.next(2, 'ArrowLeft'), 1);
    assert.equal(walk.next(2, 'ArrowUp'), 1);
    assert.equal(walk.next(2, 'ArrowDown'), 0);
  });

  it('stops at both ends, and jumps to them', () => {
    assert.equal(walk.next(0, 'ArrowRight'), 0);
    assert.equal(walk.next(1, 'ArrowLeft'), 1);
    assert.equal(walk.next(1, 'End'), 0);
    assert.equal(walk.next(0, 'Home'), 1);
    assert.equal(walk.next(1, 'PageDown'), 0);
  });

  it('leads nowhere without points', () => {
    assert.equal(new PointWalk([]).next(null, 'ArrowRight'), null);
  });
});
