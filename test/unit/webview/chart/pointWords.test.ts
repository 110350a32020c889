import assert from 'node:assert/strict';
import { suspicionBit } from '../../../../src/core/telemetry/samples/sampleQuality.ts';
import { chartWords, pointWords } from '../../../../src/webview/chart/pointWords.ts';
import { viewOf } from '../../../support/telemetryPage/viewOf.ts';
import { sample, samplesOf } from '../../core/telemetry/sampleFixtures.ts';

describe('scatter plot in words', () => {
  const samples = samplesOf(
    sample({ limit: 16_384 }),
    sample({ runId: 'gone', actual: 1500, category: 'docs' }),
  );
  const view = viewOf(samples);

  it('tells of a point what the tooltip shows', () => {
    const [first, second] = view.points;
    assert.ok(first !== undefined && second !== undefined);
    assert.deepEqual(pointWords(first, view.categories), {
      title: 'run / phase',
      lines: [
        'Predicted 1,000 tokens, used 800: 0.80 x, limit 16,384 tokens',
        'implementation, low, 1 deliverable, some-model',
      ],
    });
    assert.deepEqual(pointWords(second, view.categories).lines.slice(2), [
      'orphaned: run or phase not in this database: repeats cannot be told from independent samples',
    ]);
  });

  it('tells of a suspect point every reason', () => {
    const odd = samplesOf(sample({ hasStopReason: false, suspicion: suspicionBit('total-tokens') }));
    const [point] = viewOf(odd).points;
    assert.ok(point !== undefined);
    assert.deepEqual(pointWords(point, ['implementation']).lines.slice(2), [
      'suspect, no-stop-reason: no stop reason is recorded, as the fallback of the writer leaves it',
      'suspect, total-tokens: the output equals the total usage of the call or phase: input tokens are in it',
    ]);
  });

  it('tells how many samples there are, how many were underestimated, and their limits', () => {
    assert.equal(
      chartWords(view),
      '2 samples. Above the diagonal more was used than predicted. 1 of 2 used more than predicted. ' +
        'Output limits sent: 16,384 tokens (1 sample).',
    );
  });

  it('says what shades and marks are where not every sample is a mark', () => {
    assert.match(
      chartWords(viewOf(samples, { underMultiplier: 2 }, {}, 1)),
      /^2 samples\. Stronger shading means more samples; marks show 1: those furthest off, and some that lie apart\..* 0 of 2 used more than 2 x the prediction\./,
    );
  });
});
