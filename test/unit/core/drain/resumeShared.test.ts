import assert from 'node:assert/strict';
import { drain } from '../../../../src/core/drain/drain.ts';
import type { OpenedDrain } from '../../../../src/core/drain/sharedDrain.ts';
import { DrainWorld } from '../../../support/drainWorld.ts';

describe('the resume of a shared drain', () => {
  it('gives those who share it the results that it has corrected', async () => {
    const world = new DrainWorld([{}, {}], (phase, its) => {
      const isLast = phase.phaseId === 'phase-1';
      its.change(phase, isLast ? 'EXECUTING' : 'COMPLETE');
      if (isLast) its.writeProblem = new Error('locked');
      return isLast ? { outcome: 'timed-out', exitCode: null } : {};
    });
    await world.drain({ batchSize: 2, maxAttemptsPerPhase: 1 });
    world.writeProblem = null;
    const opened: OpenedDrain[] = [];
    const sharing = {
      open: (each: OpenedDrain): Promise<never> => {
        opened.push(each);
        return Promise.reject(new Error('That is enough.'));
      },
    };
    const order = {
      ...{ databasePath: '/repo/seed.db', workspaceFolder: '/repo', options: { batchSize: 5 } },
      resume: world.saved.at(-1)?.session.session_id ?? '',
    };
    const { signal } = new AbortController();
    await assert.rejects(
      drain(order, { ...world.ports(), sharing }, signal, () => undefined),
      /enough/,
    );
    assert.deepEqual(opened[0]?.corrected, [1]);
    assert.deepEqual(
      opened[0].results.map(({ finalState }) => finalState),
      ['COMPLETE', 'FAILED'],
    );
  });
});
