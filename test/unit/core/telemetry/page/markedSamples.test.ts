import assert from 'node:assert/strict';
import fc from 'fast-check';
import { largestValues } from '../../../../../src/core/telemetry/samples/columns.ts';
import { markedSamples } from '../../../../../src/core/telemetry/page/scatterPoints.ts';
import { sample, samplesOf } from '../sampleFixtures.ts';

describe('largest values', () => {
  it('are those that sorting finds, however many there are', () => {
    fc.assert(
      fc.property(fc.array(fc.double()), fc.nat({ max: 20 }), (list, most) => {
        const values = Float64Array.from(list);
        const found = largestValues(values, most);
        const rank = (value: number): number => (Number.isNaN(value) ? -Infinity : value);
        const sorted = list.map(rank).sort((a, b) => (a === b ? 0 : b - a));
        const told = found.map((place) => rank(values[place] ?? NaN));
        assert.ok(told.every((value, index) => value === sorted[index]));
        assert.equal(told.length, Math.min(most, list.length));
        assert.equal(new Set(found).size, found.length);
      }),
    );
  });
});

describe('samples drawn as marks', () => {
  const drawable = (count: number): Uint32Array => Uint32Array.from({ length: count }, (_, at) => at);

  it('are all where they are few', () => {
    const samples = samplesOf(...Array.from({ length: 5 }, () => sample()));
    assert.deepEqual([...markedSamples(samples, drawable(5), 5)], [0, 1, 2, 3, 4]);
  });

  it('hold the furthest off of each kind among 20,000, wherever they are', () => {
    const list = Array.from({ length: 20_000 }, (_, at) => sample({ actual: 900 + (at % 200) }));
    // Places that no even stride of 1,000 over 20,000 meets.
    list[7] = sample({ actual: 9000 });
    list[1013] = sample({ actual: 10 });
    list[15_557] = sample({ actual: 1600, truncated: true });
    const marked = markedSamples(samplesOf(...list), drawable(list.length), 1000);
    assert.equal(marked.length, 1000);
    for (const at of [7, 1013, 15_557]) assert.ok(marked.includes(at), String(at));
    assert.deepEqual(marked, marked.slice().sort(), 'in the order of the samples');
  });

  it('are filled up from the others, evenly', () => {
    const list = Array.from({ length: 100 }, (_, at) => sample({ actual: 500 + at }));
    const others = drawable(100).filter((at) => at >= 40 && at < 60);
    const marked = [...markedSamples(samplesOf(...list), drawable(100), 10, others)];
    assert.deepEqual([marked.length, marked[0], marked.at(-1)], [10, 0, 99]);
    assert.ok(marked.slice(1, -1).every((at) => at >= 40 && at < 60));
  });
});
