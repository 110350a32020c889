import assert from 'node:assert/strict';
import { setTimeout as wait } from 'node:timers/promises';
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

  it('gives one that comes when the bound is over a short time only, and all of it again once the server was back', async () => {
    let isGone = true;
    const connection = { isOpen: true, abort: () => undefined, close: () => Promise.resolve() };
    const open = () => (isGone ? Promise.reject(gone) : Promise.resolve(connection as never));
    const server = new RetryingConnection(open, { boundMs: 600, workMs: 200 });
    const failMs = async (): Promise<number> => {
      const began = performance.now();
      await assert.rejects(server.do(() => (isGone ? Promise.reject(gone) : Promise.resolve())));
      return performance.now() - began;
    };
    assert.ok((await failMs()) > 150);
    await wait(600);
    assert.ok((await failMs()) < 100);
    isGone = false;
    await server.do(() => Promise.resolve());
    isGone = true;
    assert.ok((await failMs()) > 150);
    await server.close();
  });
});
