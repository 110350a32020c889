import assert from 'node:assert/strict';
import { setTimeout as wait } from 'node:timers/promises';
import { keepBounds } from '../../../../src/node/postgres/answerBounds.ts';
import { rejectsWith } from '../../../support/rejectsWith.ts';

const path = 'postgresql://me@db.example:5432/x';

/** Asks what ends when it is cut; the server sends so many bytes each time one looks. */
async function asked(bytesAtOnce: number, endsAfterMs = 10_000): Promise<string> {
  let read = 0;
  const cut = new AbortController();
  const source = { path, bytesRead: () => (read += bytesAtOnce), longestMs: 250 };
  return keepBounds(
    source,
    () => wait(endsAfterMs, 'answered', { signal: cut.signal }),
    () => cut.abort(),
  );
}

describe('the bounds of an answer', () => {
  it('let an answer pass that comes in time', async () => {
    assert.equal(await asked(10, 50), 'answered');
  });

  it('tell a server that does not answer from one that does not come to an end, and from one that sends too much', async () => {
    await rejectsWith('unreachable', asked(0));
    await rejectsWith('timed-out', asked(10));
    await rejectsWith('unreadable', asked(100 << 20));
  });
});
