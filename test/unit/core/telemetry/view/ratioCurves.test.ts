import assert from 'node:assert/strict';
import { quantileSorted } from 'simple-statistics';
import { ratioCurves } from '../../../../../src/core/telemetry/view/ratioCurves.ts';
import { sortRatios } from '../../../../../src/core/telemetry/view/sortRatios.ts';
import { sample, samplesOf } from '../sampleFixtures.ts';

const all = (): boolean => true;

describe('curves of actual / predicted', () => {
  it('hold truncated samples against the clean ones, as Kaplan and Meier do', () => {
    const ratios = [0.5, 1, 2, 4].map((ratio) => sample({ actual: 1000 * ratio }));
    const cut = sample({ actual: 1500, truncated: true });
    const curves = ratioCurves(samplesOf(...ratios, cut), all);
    assert.deepEqual(
      curves?.plain.map(({ ratio, share }) => [ratio, share]),
      [
        [0.5, 0.25],
        [1, 0.5],
        [2, 0.75],
        [4, 1],
      ],
    );
    // By hand: 4/5, then 3/4 of it; after the one cut off at 1.5 there are two left, so 1/2 of it.
    const shares = curves.censored.map(({ share }) => Number(share.toFixed(6)));
    assert.deepEqual(shares, [0.2, 0.4, 0.7, 1]);
    assert.deepEqual(curves.cutOff, [1.5]);
    assert.deepEqual(curves.quantiles[0], { probability: 0.5, plain: 1.5, censored: 2 });
  });

  it('say where so many were cut off that a quantile is not known', () => {
    const cut = Array.from({ length: 4 }, () => sample({ actual: 5000, truncated: true }));
    const curves = ratioCurves(samplesOf(sample(), ...cut), all);
    assert.deepEqual(
      curves?.quantiles.map(({ censored }) => censored),
      [null, null, null],
    );
  });

  it('are none without a clean sample', () => {
    assert.equal(ratioCurves(samplesOf(sample({ truncated: true })), all), null);
    assert.equal(
      ratioCurves(samplesOf(sample()), () => false),
      null,
    );
  });

  it('are at most 200 steps, whose last is the end', () => {
    const many = Array.from({ length: 5000 }, (_, at) => sample({ actual: 1 + at }));
    const curves = ratioCurves(samplesOf(...many), all);
    assert.equal(curves?.plain.length, 200);
    assert.deepEqual(curves.plain.at(-1), { ratio: 5, share: 1 });
    assert.ok(curves.censored.length <= 201);
  });
});

describe('sorting of very many ratios', () => {
  it('is as exact as 0.1 %', () => {
    const values = Float64Array.from({ length: 20_000 }, (_, at) => Math.exp(Math.sin(at * 1.7) * 2));
    const exact = [...values].sort((a, b) => a - b);
    const sorted = sortRatios(values);
    for (let at = 1; at < sorted.length; at += 1) assert.ok((sorted[at - 1] ?? 0) <= (sorted[at] ?? 0));
    for (const probability of [0.01, 0.5, 0.9, 0.95, 0.999]) {
      const quotient = quantileSorted([...sorted], probability) / quantileSorted(exact, probability);
      assert.ok(Math.abs(Math.log(quotient)) <= 0.001, `${probability}: ${quotient}`);
    }
  });
});
