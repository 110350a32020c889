import assert from 'node:assert/strict';
import { noFilter } from '../../../../../src/core/telemetry/page/telemetryFilter.ts';
import { comparedFigures } from '../../../../../src/core/telemetry/report/comparedFigures.ts';
import type { TelemetrySample } from '../../../../../src/core/telemetry/samples/telemetrySamples.ts';
import { viewOf } from '../../../../support/telemetryPage/viewOf.ts';
import { sample, samplesOfPhases } from '../sampleFixtures.ts';

/** Samples of one model, each of its own phase, whose ratios begin at `least`. */
function ofModel(model: string, least: number): TelemetrySample[] {
  return Array.from({ length: 60 }, (_, at) =>
    sample({ model, phaseId: `${model}-${at}`, actual: 1000 * least + 5 * at }),
  );
}

describe('two samples compared', () => {
  const samples = samplesOfPhases(...ofModel('old', 0.5), ...ofModel('new', 1.5));
  const [old, recent] = [
    { ...noFilter, models: ['old'] },
    { ...noFilter, models: ['new'] },
  ];

  it('are described each by its own filter, as the page describes it where it is shown alone', () => {
    const { comparison } = viewOf(samples, {}, recent, undefined, old);
    assert.ok(comparison !== null);
    assert.deepEqual(comparison.kept.ratio?.quantiles, viewOf(samples, {}, old).ratios?.quantiles);
    assert.deepEqual(comparison.shown.ratio?.quantiles, viewOf(samples, {}, recent).ratios?.quantiles);
    assert.deepEqual([comparison.kept.clean, comparison.shown.clean], [60, 60]);
  });

  it('are told apart where their intervals lie apart, and not where one has none', () => {
    const { comparison } = viewOf(samples, {}, recent, undefined, old);
    assert.ok(comparison !== null);
    const apart = new Map(comparedFigures(comparison).map((figure) => [figure.label, figure.apart]));
    assert.deepEqual(
      ['Underestimated', 'Cut off', 'Actual / predicted, P50', 'Actual / predicted, P95'].map((label) =>
        apart.get(label),
      ),
      [true, false, true, null],
    );
  });

  it('are none until one is kept', () => {
    assert.equal(viewOf(samples).comparison, null);
  });
});
