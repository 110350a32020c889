import assert from 'node:assert/strict';
import {
  countSuspicion,
  finishSuspicion,
  sampleQuality,
  suspicionBit,
  suspicions,
  suspicionsOf,
  type QualityEvidence,
} from '../../../../../src/core/telemetry/samples/sampleQuality.ts';

const classOf = (but: Partial<QualityEvidence>) =>
  sampleQuality({
    synthetic: false,
    success: true,
    truncated: false,
    suspicion: 0,
    orphaned: false,
    ...but,
  });
const noStopReason = suspicionBit('no-stop-reason');

describe('sample quality', () => {
  it('takes a successful, whole, measured sample of a known phase as evidence', () => {
    assert.equal(classOf({}), 'clean');
  });

  it('never takes a recorded example as evidence, whatever else it is', () => {
    assert.equal(classOf({ synthetic: true }), 'synthetic');
    assert.equal(classOf({ synthetic: true, success: false, suspicion: 255 }), 'synthetic');
  });

  it('finds no stop reason and token counts that are not positive in the sample itself', () => {
    assert.deepEqual(suspicionsOf(countSuspicion(100, 90, NaN) | finishSuspicion('complete', true)), []);
    assert.deepEqual(suspicionsOf(finishSuspicion('none', false)), ['no-stop-reason']);
    for (const odd of [0, -5, NaN]) {
      assert.deepEqual(suspicionsOf(countSuspicion(odd, 90, NaN)), ['not-positive']);
      assert.deepEqual(suspicionsOf(countSuspicion(100, odd, NaN)), ['not-positive']);
    }
  });

  it('suspects more used than the limit sent allows, where one is known', () => {
    assert.deepEqual(suspicionsOf(countSuspicion(100, 8193, 8192)), ['above-limit']);
    for (const limit of [8193, NaN, 0]) assert.deepEqual(suspicionsOf(countSuspicion(100, 8193, limit)), []);
    assert.equal(classOf({ suspicion: countSuspicion(100, 8193, 8192), truncated: true }), 'suspect');
  });

  it('gives each sample one class: failed before truncated before no stop reason before orphaned', () => {
    const bad = { truncated: true, suspicion: noStopReason, orphaned: true };
    assert.equal(classOf({ ...bad, success: false }), 'failed');
    assert.equal(classOf(bad), 'truncated');
    assert.equal(classOf({ ...bad, truncated: false }), 'suspect');
    assert.equal(classOf({ orphaned: true }), 'orphaned');
  });

  it('takes no wrong figure as a lower bound either', () => {
    for (const reason of suspicions.filter((name) => name !== 'no-stop-reason' && name !== 'counted')) {
      assert.equal(classOf({ truncated: true, suspicion: suspicionBit(reason) }), 'suspect', reason);
    }
  });

  it('does not call a sample failed whose source does not tell', () => {
    assert.equal(classOf({ success: false, suspicion: suspicionBit('incomplete') }), 'suspect');
  });
});
