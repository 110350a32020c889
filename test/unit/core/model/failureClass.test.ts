import assert from 'node:assert/strict';
import { classifyFailureReason } from '../../../../src/core/model/failureClass.ts';

describe('classifyFailureReason', () => {
  const cases = [
    [null, 'none'],
    ['  ', 'none'],
    ['Pytest COLLECTION failed', 'collection'],
    ['ImportError: x', 'collection'],
    ['DELIVERABLES_VALIDATION_FAILED', 'deliverable'],
    ['file missing', 'deliverable'],
    ['PATCH_FAILED', 'patch'],
    ['no-op guard', 'patch'],
    ['Timed out after 900 s', 'timeout'],
    ['TIMEOUT', 'timeout'],
    ['MAX_ATTEMPTS_EXHAUSTED', 'other'],
    // The earlier class wins, as in Autopack.
    ['patch timeout', 'patch'],
  ] as const;
  for (const [reason, expected] of cases) {
    it(`${JSON.stringify(reason)} is ${expected}`, () =>
      assert.equal(classifyFailureReason(reason), expected));
  }
});
