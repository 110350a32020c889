import assert from 'node:assert/strict';
import type { SharedWork } from '../../../../src/core/drain/runShared.ts';
import { takeOverExpired } from '../../../../src/core/drain/takeOverExpired.ts';
import { UserFacingError } from '../../../../src/core/errors.ts';

describe('taking over leases that have run out', () => {
  it('renews none of which it could not find out what came, so that another try is made', async () => {
    const end = new AbortController();
    const lease = { runId: 'r', phaseId: 'p', fence: '7', lost: new AbortController().signal };
    const before = { phase: { phaseIndex: 0, tierIndex: 0, state: 'QUEUED' } };
    const execution = {
      ...{ host: 'here', workspaceFolder: '/w', runId: 'r', phaseId: 'p', rowId: 1, attempt: 1 },
      ...{ startedAt: 0, before, logs: { stdoutPath: '', stderrPath: '' } },
    };
    const told: string[] = [];
    let takes = 0;
    const work = {
      shared: {
        leaseMs: 10,
        takeOver: () => Promise.resolve((takes += 1) === 1 ? { lease, execution, from: 'process 1' } : null),
        giveUp: ({ fence }: { fence: string }) => void told.push(`gave up ${fence}`),
        settle: () => Promise.reject(new Error('Nothing is to be settled.')),
      },
      session: { place: { sessionId: 's' }, ledger: { tokens: 0, spend: { cost: {} } } },
      options: { maxTokens: null, maxCost: null, phaseTimeoutSeconds: 10 },
      target: { databasePath: 'postgresql://a@b:5432/c', workspaceFolder: '/w' },
      ports: {
        executor: {
          follow: () => Promise.reject(new UserFacingError('unreachable', 'It is gone.', 'Try again.')),
        },
        clock: {
          now: () => 0,
          sleep: () => {
            end.abort();
            return Promise.resolve();
          },
        },
        logger: { warn: (message: string) => void told.push(message) },
        store: {},
      },
      host: 'here',
      notify: () => undefined,
    } as unknown as SharedWork;
    await takeOverExpired(work, end.signal);
    assert.deepEqual(told, ['gave up 7', 'A lease could not be taken over: It is gone.']);
  });
});
