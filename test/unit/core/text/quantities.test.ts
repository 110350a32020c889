import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { counted, formatBytes, formatCompact } from '../../../../src/core/text/quantities.ts';

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
});
