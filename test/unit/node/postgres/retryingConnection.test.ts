import assert from 'node:assert/strict';
import { UserFacingError } from '../../../../src/core/errors.ts';
import { RetryingConnection } from '../../../../src/node/postgres/retryingConnection.ts';

describe('RetryingConnection', () => {
  const gone = new UserFacingError('unreachable', 'The server is gone.', 'Start it.');

  it('lets nobody wait longer than its bound for a server that is gone, however many wait before', async () => {
    const server = new RetryingConnection(() => Promise.reject(gone), { boundMs: 400, workMs: 200 });
    const began = performance.now();
    const ends = await Promise.allSettled(
      Array.from({ length: 12 }, () => server.do(() => Promise.resolve())),
    );
    const tookMs = performance.now() - began;
    assert.ok(ends.every((end) => end.status === 'rejected' && end.reason === gone));
    assert.ok(tookMs < 1200, `${Math.round(tookMs)} ms`);
    await server.close();
  });
});
