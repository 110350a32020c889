import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { counted, formatBytes, formatCompact } from '../../../../src/editor/text/quantities.ts';
import { formatDuration } from '../../../../src/editor/text/times.ts';

describe('quantities in words', () => {
  it('counts in the singular and the plural', () => {
    assert.deepEqual(
      [0, 1, 1200].map((count) => counted(count, 'run')),
      ['0 runs', '1 run', '1,200 runs'],
    );
  });

  it('shortens tokens and bytes', () => {
    assert.equal(formatCompact(12_195), '12.2K');
    assert.deepEqual([0, 1023, 1024, 1_966_080, 1.66 * 1024 ** 3].map(formatBytes), [
      '0 bytes',
      '1023 bytes',
      '1.0 KiB',
      '1.9 MiB',
      '1.7 GiB',
    ]);
  });

  it('says how long something took', () => {
    assert.deepEqual([840, 42_000, 185_000, 7_800_000].map(formatDuration), [
      '0.8 s',
      '42 s',
      '3 min 5 s',
      '2 h 10 min',
    ]);
  });
});
