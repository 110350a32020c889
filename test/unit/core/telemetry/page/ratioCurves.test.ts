import assert from 'node:assert/strict';
import { ratioCurves, sampleRatios } from '../../../../../src/core/telemetry/page/ratioCurves.ts';
import { sample, samplesOf } from '../sampleFixtures.ts';

const all = (): boolean => true;

describe('curves of actual / predicted', () => {
  it('hold truncated samples against the clean ones, as Kaplan and Meier do', () => {
    const ratios = [0.5, 1, 2, 4].map((ratio) => sample({ actual: 1000 * ratio }));
    const cut = sample({ actual: 1500, truncated: true });
    const curves = ratioCurves(sampleRatios(samplesOf(...ratios, cut)), all);
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
    assert.deepEqual(curves.quantiles[0], { probability: 0.5, plain: 1.5, censored: 2, interval: null });
  });

  it('say where so many were cut off that a quantile is not known', () => {
    const cut = Array.from({ length: 4 }, () => sample({ actual: 5000, truncated: true }));
    const curves = ratioCurves(sampleRatios(samplesOf(sample(), ...cut)), all);
    assert.deepEqual(
      curves?.quantiles.map(({ censored }) => censored),
      [null, null, null],
    );
  });

  it('are none without a clean sample', () => {
    assert.equal(ratioCurves(sampleRatios(samplesOf(sample({ truncated: true }))), all), null);
    assert.equal(
      ratioCurves(sampleRatios(samplesOf(sample())), () => false),
      null,
    );
  });

  it('are at most 200 steps, whose last is the end', () => {
    const many = Array.from({ length: 5000 }, (_, at) => sample({ actual: 1 + at }));
    const curves = ratioCurves(sampleRatios(samplesOf(...many)), all);
    assert.equal(curves?.plain.length, 200);
    assert.deepEqual(curves.plain.at(-1), { ratio: 5, share: 1 });
    assert.ok(curves.censored.length <= 201);
  });
});
