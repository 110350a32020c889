import assert from 'node:assert/strict';
import { defaultTelemetryOptions as defaults } from '../../../../src/core/telemetry/telemetryAnalysis.ts';
import { viewTelemetry } from '../../../../src/core/telemetry/telemetryView.ts';
import { sample, samplesOf } from './sampleFixtures.ts';

describe('telemetry view', () => {
  it('names the phase, category and worth of each point', () => {
    const view = viewTelemetry(
      samplesOf(
        sample({ category: 'testing' }),
        sample({ category: 'docs', runId: 'gone', model: 'recorded-example' }),
      ),
      defaults,
    );
    assert.deepEqual(view.categories, ['docs', 'tests']);
    const [first, second] = view.points;
    assert.deepEqual(
      [first?.category, first?.known, first?.quality, first?.runId],
      [1, true, 'clean', 'run'],
    );
    assert.deepEqual(
      [second?.category, second?.known, second?.quality, second?.runId],
      [0, false, 'synthetic', 'gone'],
    );
  });

  it('draws only what is analysed and has a place on logarithmic axes', () => {
    const list = [
      sample({ actual: 0 }),
      sample({ predicted: NaN }),
      sample({ success: false }),
      sample({ actual: 7 }),
    ];
    const view = viewTelemetry(samplesOf(...list), defaults);
    assert.deepEqual(
      view.points.map(({ actual }) => actual),
      [7],
    );
    assert.equal(view.drawable, 1);
  });

  it('draws an even selection of many samples, the same each time', () => {
    const many = samplesOf(...Array.from({ length: 1000 }, (_, index) => sample({ actual: index + 1 })));
    const view = viewTelemetry(many, defaults, 10);
    assert.equal(view.drawable, 1000);
    assert.deepEqual(
      view.points.map(({ actual }) => actual),
      [1, 101, 201, 301, 401, 501, 601, 701, 801, 901],
    );
    assert.deepEqual(viewTelemetry(many, defaults, 10), view);
  });
});
