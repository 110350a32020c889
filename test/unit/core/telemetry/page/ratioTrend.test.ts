import assert from 'node:assert/strict';
import { ratioTrend, type RatioTrend } from '../../../../../src/core/telemetry/page/ratioTrend.ts';
import { TelemetrySource } from '../../../../../src/core/telemetry/page/telemetrySource.ts';
import type { TelemetrySample } from '../../../../../src/core/telemetry/samples/telemetrySamples.ts';
import { sample, samplesOf } from '../sampleFixtures.ts';

function trendOf(...list: readonly TelemetrySample[]): RatioTrend | null {
  return ratioTrend(new TelemetrySource(samplesOf(...list)), () => true);
}

describe('trend of actual / predicted', () => {
  it('is the running median by time, whatever the order in which samples were written', () => {
    const ratios = [1, 9, 2, 3, 4, 5, 6];
    const list = ratios.map((ratio, at) => sample({ timestamp: 1000 + at, actual: 1000 * ratio }));
    const trend = trendOf(...[...list].reverse());
    assert.equal(trend?.window, 5);
    assert.deepEqual(trend.medians, [
      { at: 1002, ratio: 3 },
      { at: 1003, ratio: 4 },
      { at: 1004, ratio: 4 },
    ]);
    assert.deepEqual(
      trend.ratios.map(({ ratio }) => ratio),
      ratios,
    );
  });

  it('goes by clean samples that tell their time', () => {
    const timed = Array.from({ length: 5 }, (_, at) => sample({ timestamp: at }));
    const trend = trendOf(...timed, sample(), sample({ timestamp: 9, success: false }));
    assert.equal(trend?.samples, 5);
    assert.equal(trendOf(...timed.slice(1), sample()), null);
  });

  it('is drawn with no more than a screen can show', () => {
    const many = Array.from({ length: 3000 }, (_, at) => sample({ timestamp: at, actual: 500 + at }));
    many[1001] = sample({ timestamp: 1001, actual: 90_000 });
    many[2002] = sample({ timestamp: 2002, actual: 1 });
    const trend = trendOf(...many);
    const drawn = trend?.ratios ?? [];
    assert.ok(drawn.length > 700 && drawn.length <= 800);
    for (const at of [1001, 2002])
      assert.ok(
        drawn.some((ratio) => ratio.at === at),
        'no outlier vanishes',
      );
    assert.deepEqual(
      drawn,
      [...drawn].sort((a, b) => a.at - b.at),
    );
    assert.ok(trend !== null);
    assert.equal(trend.medians.length, 120);
    assert.equal(trend.samples, 3000);
    assert.equal(trend.ratios.at(-1)?.at, 2999);
  });
});
