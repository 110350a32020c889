import assert from 'node:assert/strict';
import type { PriceList } from '../../../../../src/core/model/prices.ts';
import { calibrate } from '../../../../../src/core/telemetry/calibration/calibrate.ts';
import { renderCalibrationReport } from '../../../../../src/core/telemetry/calibration/calibrationReport.ts';
import { seededKinds, simulatedSamples } from './simulatedSamples.ts';

const prices: readonly PriceList[] = [
  {
    date: '2026-11-06',
    hosts: { h: { models: { cheap: { input: 1, output: 10 }, dear: { input: 1, output: 100 } } } },
  },
];

describe('what a calibration would change', () => {
  const models = (first: string, second: string) =>
    simulatedSamples({
      kinds: seededKinds,
      phases: 100,
      but: (number) => ({ model: number % 2 === 0 ? first : second }),
    });

  it('tells tokens, their price by each model and underestimation at the top of the report', () => {
    const found = calibrate(models('cheap', 'cheap'), { prices });
    const { effect } = found;
    assert.ok(typeof effect?.costBefore === 'number' && typeof effect.costAfter === 'number');
    assert.ok(Math.abs(effect.costBefore - effect.tokensBefore * 1e-5) < 1e-9);
    assert.ok(Math.abs(effect.costAfter - effect.tokensAfter * 1e-5) < 1e-9);
    const report = renderCalibrationReport(found);
    assert.match(report, /Predicted tokens per phase: [\d,]+ \(\$0\.\d{4} of output\) now, [\d,]+ \(\$/);
    assert.match(report, /Costs are of predicted output alone, .* \(2026-11-06\)/);
    const mixed = calibrate(models('cheap', 'dear'), { prices }).effect;
    assert.ok((mixed?.costBefore ?? 0) > 4 * effect.costBefore);
  });

  it('tells no cost where a model has no price', () => {
    const found = calibrate(models('cheap', 'of-our-own'), { prices });
    assert.deepEqual([found.effect?.costBefore, found.effect?.costAfter], [null, null]);
    const report = renderCalibrationReport(found);
    assert.match(report, /Predicted tokens per phase: [\d,]+ now, [\d,]+ then/);
    assert.doesNotMatch(report, /Costs are/);
  });
});
