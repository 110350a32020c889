import assert from 'node:assert/strict';
import { withoutRecordedAnswer } from '../../../../src/core/drain/refuseUndrainable.ts';
import { telemetryCollectionV4 } from '../../../../src/core/seed/telemetryCollectionV4.ts';

describe('phases without a recorded answer', () => {
  it('are none among those that are seeded', () => {
    assert.equal(withoutRecordedAnswer(telemetryCollectionV4.phases.map(({ phaseId }) => phaseId)), null);
  });

  it('are counted before a drain that would be refused', () => {
    assert.match(withoutRecordedAnswer(['docs']) ?? '', /: it refuses this one\. Open the root/);
    assert.match(withoutRecordedAnswer(['docs', 'api']) ?? '', /: it refuses all 2\. /);
    assert.match(withoutRecordedAnswer(['docs', 'telemetry-p9-readme']) ?? '', /: it refuses 1 of 2\. /);
  });
});
