import { DrainWorld } from '../../../support/drainWorld.ts';
import { drainStoreContract } from '../../../support/drainStoreContract.ts';

describe('a drain store in memory', () => {
  drainStoreContract(() => {
    const world = new DrainWorld(
      [{ state: 'QUEUED' }, { state: 'FAILED', reason: 'boom' }, { state: 'COMPLETE' }],
      () => ({}),
    );
    return Promise.resolve({
      store: world.ports().store,
      runId: 'run',
      phaseIds: ['phase-0', 'phase-1', 'phase-2'],
      addEvent: (phaseId) => world.addEvent(world.find(phaseId)),
    });
  });
});
