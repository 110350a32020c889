import assert from 'node:assert/strict';
import { defaultTelemetryOptions as defaults } from '../../../../src/core/telemetry/telemetryAnalysis.ts';
import { viewTelemetry } from '../../../../src/core/telemetry/telemetryView.ts';
import { chartWords, pointWords } from '../../../../src/webview/chart/pointWords.ts';
import { sample, samplesOf } from '../../core/telemetry/sampleFixtures.ts';

describe('scatter plot in words', () => {
  const samples = samplesOf(sample(), sample({ runId: 'gone', actual: 1500, category: 'docs' }));
  const view = viewTelemetry(samples, defaults);

  it('tells of a point what the tooltip shows', () => {
    const [first, second] = view.points;
    assert.ok(first !== undefined && second !== undefined);
    assert.deepEqual(pointWords(first, view.categories), {
      title: 'run / phase',
      lines: ['Predicted 1,000, used 800: 0.80 x', 'implementation, low, 1 deliverable, some-model'],
    });
    assert.deepEqual(pointWords(second, view.categories).lines.slice(2), [
      'orphaned: run or phase not in this database: repeats cannot be told from independent samples',
    ]);
  });

  it('tells how many samples there are, how many were underestimated, and what is hidden', () => {
    assert.equal(
      chartWords(view, new Set(['docs'])),
      '2 samples. Hidden: docs. Above the diagonal more was used than predicted. 1 of 2 used more than predicted.',
    );
  });

  it('says when only a selection is drawn', () => {
    const many = viewTelemetry(samples, { ...defaults, underMultiplier: 2 }, 1);
    assert.equal(
      chartWords(many, new Set()),
      'An even selection of 1 of 2 samples. Above the diagonal more was used than predicted. 0 of 2 used more than 2 x the prediction.',
    );
  });
});
