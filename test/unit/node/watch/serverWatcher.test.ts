import assert from 'node:assert/strict';
import { setTimeout as wait } from 'node:timers/promises';
import { DatabaseWatcher } from '../../../../src/node/watch/databaseWatcher.ts';

describe('the watcher of a database on a server', () => {
  const { now } = Date;
  afterEach(() => {
    Date.now = now;
  });

  it('goes on asking when the clock is set back', async () => {
    let asked = 0;
    const watcher = new DatabaseWatcher({
      path: 'postgresql://me@db:5432/x',
      pollMs: 5,
      onEvent: () => undefined,
      logger: {
        debug: () => undefined,
        info: () => undefined,
        warn: () => undefined,
        error: () => undefined,
      },
      reader: {
        request: () => {
          asked += 1;
          // Only the version is asked for.
          return Promise.resolve({
            value: null,
            version: { token: 'a', fileId: '1' },
            warnings: [],
          } as never);
        },
      },
    });
    try {
      await wait(30);
      assert.ok(asked > 0);
      Date.now = () => now() - 3_600_000;
      const before = asked;
      await wait(60);
      assert.ok(asked > before);
    } finally {
      watcher.dispose();
    }
  });
});
