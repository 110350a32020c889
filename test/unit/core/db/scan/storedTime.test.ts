import assert from 'node:assert/strict';
import fc from 'fast-check';
import { storedTime } from '../../../../../src/core/db/scan/columnDecoders.ts';
import { formatStoredTimestamp, parseTimestamp } from '../../../../../src/core/model/timestamp.ts';

const read = (text: string): number | null => {
  const bytes = new TextEncoder().encode(`before${text}after`);
  return storedTime(bytes, 6, bytes.length - 5);
};

describe('stored time', () => {
  it('reads what the thorough reader reads, or leaves it to that', () => {
    const time = fc.integer({ min: -1e12, max: 1e13 }).map(formatStoredTimestamp);
    const cut = fc.tuple(time, fc.nat(26)).map(([text, length]) => text.slice(0, length));
    const odd = fc
      .tuple(time, fc.nat(25), fc.string({ maxLength: 3 }))
      .map(([text, at, more]) => text.slice(0, at) + more + text.slice(at + 1));
    fc.assert(
      fc.property(fc.oneof(time, cut, odd, fc.string()), (text) => {
        const fast = read(text);
        if (fast !== null) assert.equal(fast, parseTimestamp(text), text);
      }),
    );
  });

  it('reads the usual forms itself', () => {
    const ms = Date.UTC(2025, 11, 24, 0, 50, 52, 799);
    assert.equal(read('2025-12-24 00:50:52.799611'), ms);
    assert.equal(read('2025-12-24T00:50:52.799'), ms);
    assert.equal(read('2025-12-24 00:50:52'), ms - 799);
    assert.equal(read('2000-03-01 00:00:00.5'), Date.UTC(2000, 2, 1) + 500);
  });
});
