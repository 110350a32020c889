import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { webClock } from '../../../src/web/webClock.ts';
import { rejectsWith } from '../../support/rejectsWith.ts';

describe('the clock of a browser', () => {
  it('waits as long as it is told', async () => {
    const before = webClock.now();
    await webClock.sleep(20);
    assert.ok(webClock.now() - before >= 19);
  });

  it('waits no longer than until it is cancelled, and not at all after that', async () => {
    const cancelled = new AbortController();
    const waiting = webClock.sleep(60_000, cancelled.signal);
    cancelled.abort();
    await rejectsWith('cancelled', waiting);
    await rejectsWith('cancelled', webClock.sleep(60_000, cancelled.signal));
  });
});
