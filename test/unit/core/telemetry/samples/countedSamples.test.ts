import assert from 'node:assert/strict';
import { finishKind } from '../../../../../src/core/model/finishReason.ts';
import {
  finishSuspicion,
  sampleQualities,
  sampleQuality,
} from '../../../../../src/core/telemetry/samples/sampleQuality.ts';

describe('a sample whose tokens were counted here', () => {
  const quality = (stopReason: string | null, success = true) =>
    sampleQuality({
      ...{ synthetic: false, truncated: false, orphaned: false, success },
      suspicion: finishSuspicion(finishKind(stopReason), false),
    });

  it('is of a class of its own, whatever else its stop reason says', () => {
    assert.deepEqual(
      ['counted', 'counted:stop', 'counted:length', 'stop', null].map((reason) => quality(reason)),
      ['counted', 'counted', 'counted', 'clean', 'suspect'],
    );
    assert.equal(quality('counted', false), 'failed');
    assert.ok(sampleQualities.includes('counted'));
  });
});
