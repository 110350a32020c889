import assert from 'node:assert/strict';
import { leadShared } from '../../../../src/core/drain/leadShared.ts';
import { UserFacingError } from '../../../../src/core/errors.ts';

describe('leadShared', () => {
  it('ends its workers, and waits for them, where it cannot watch over them any more', async () => {
    const gone = new UserFacingError('unreachable', 'The server is gone.', 'Start it.');
    const seen: string[] = [];
    const lead = {
      shared: { look: () => Promise.reject(gone) },
      ports: { clock: { sleep: () => Promise.resolve() } },
      notify: () => undefined,
      warnings: [],
      work: (_tell: (message: string) => void, ending: AbortSignal) =>
        new Promise<void>((resolve) => {
          ending.addEventListener('abort', () => {
            seen.push('told to end');
            setTimeout(() => {
              seen.push('ended');
              resolve();
            }, 10);
          });
        }),
    } as unknown as Parameters<typeof leadShared>[0];
    await assert.rejects(leadShared(lead, new AbortController().signal), gone);
    assert.deepEqual(seen, ['told to end', 'ended']);
  });
});
