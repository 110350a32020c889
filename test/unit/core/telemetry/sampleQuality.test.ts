import assert from 'node:assert/strict';
import { sampleQuality } from '../../../../src/core/telemetry/sampleQuality.ts';
import { sample } from './sampleFixtures.ts';

describe('sample quality', () => {
  it('takes a successful, whole, measured sample of a known phase as evidence', () => {
    assert.equal(sampleQuality(sample(), true), 'clean');
  });

  it('never takes a recorded example as evidence, whatever else it is', () => {
    assert.equal(sampleQuality(sample({ model: 'recorded-example' }), true), 'synthetic');
    assert.equal(sampleQuality(sample({ model: 'recorded-example', success: false }), false), 'synthetic');
  });

  it('takes the total tokens of the fallback, which come without a stop reason, as suspect', () => {
    assert.equal(sampleQuality(sample({ hasStopReason: false }), true), 'suspect');
  });

  it('takes token counts that are zero, negative or unreadable as suspect', () => {
    for (const odd of [0, -5, NaN]) {
      assert.equal(sampleQuality(sample({ actual: odd }), true), 'suspect');
      assert.equal(sampleQuality(sample({ predicted: odd }), true), 'suspect');
    }
  });

  it('gives each sample one class: failed before truncated before suspect before orphaned', () => {
    const bad = { truncated: true, hasStopReason: false };
    assert.equal(sampleQuality(sample({ ...bad, success: false }), false), 'failed');
    assert.equal(sampleQuality(sample(bad), false), 'truncated');
    assert.equal(sampleQuality(sample({ hasStopReason: false }), false), 'suspect');
    assert.equal(sampleQuality(sample(), false), 'orphaned');
  });
});
