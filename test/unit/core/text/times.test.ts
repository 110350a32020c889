import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { formatDuration } from '../../../../src/core/text/times.ts';

describe('times in words', () => {
  it('says how long something took', () => {
    assert.deepEqual([840, 42_000, 185_000, 7_800_000].map(formatDuration), [
      '0.8 s',
      '42 s',
      '3 min 5 s',
      '2 h 10 min',
    ]);
  });
});
