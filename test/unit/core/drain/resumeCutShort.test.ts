import assert from 'node:assert/strict';
import { drain } from '../../../../src/core/drain/drain.ts';
import type { DrainSummary } from '../../../../src/core/drain/drainSummary.ts';
import { completes, DrainWorld, phasesNamed } from '../../../support/drainWorld.ts';

function resume(world: DrainWorld): Promise<DrainSummary> {
  const target = { databasePath: '/repo/seed.db', workspaceFolder: '/repo' };
  const order = { options: {}, ...target, resume: world.saved.at(-1)?.session.session_id ?? 'none' };
  return drain(order, world.ports(), new AbortController().signal, (each) => world.progress.push(each));
}

describe('a drain that is resumed after a phase was cut short', () => {
  for (const [name, end] of [
    ['was cancelled before anything was written', null],
    ['was cancelled while it was executing', 'EXECUTING'],
  ] as const) {
    it(`takes the one phase of its batch again that ${name}, with logs of its own`, async () => {
      const cancel = new AbortController();
      const world = new DrainWorld(phasesNamed(3), (phase, its, signal) => {
        if (its.executed.length > 1) return completes(phase, its, signal);
        if (end !== null) its.change(phase, end);
        cancel.abort();
        return { outcome: 'cancelled', exitCode: null };
      });
      const phaseKeys = [{ runId: 'run', phaseId: 'p2' }];
      const request = { phaseKeys, batchSize: 1, maxAttemptsPerPhase: 1, states: ['QUEUED'] };
      const cancelled = await world.drain(request, cancel.signal);
      assert.deepEqual([cancelled.stop.kind, cancelled.stop.complete], ['cancelled', false]);
      // As a person or a program queues it again.
      Object.assign(world.find('p2'), { state: 'QUEUED', touched: 9 });
      const resumed = await resume(world);
      assert.deepEqual(world.executed, ['run/p2', 'run/p2']);
      assert.deepEqual(
        resumed.results.map(({ success, attempt }) => [success, attempt]),
        [
          [false, 1],
          [true, 2],
        ],
      );
      const [first, second] = resumed.results;
      assert.notEqual(first?.stdoutPath, second?.stdoutPath);
      assert.equal(resumed.stop.kind, 'nothing-left');
    });
  }

  it('takes a phase again that had no chance: its server died, its key was refused, its executor could not be started', async () => {
    const faults: readonly ((world: DrainWorld) => object)[] = [
      (world) => {
        world.problem = {
          message: 'The API server does not answer any more.',
          nextStep: 'Start it again, then resume the session.',
        };
        return { exitCode: 1 };
      },
      () => ({ exitCode: 1, stderrTail: 'Error code: 401 - authentication_error' }),
      () => ({ outcome: 'failed-to-start', exitCode: null, stderrTail: 'spawn ENOENT' }),
    ];
    for (const fault of faults) {
      const world = new DrainWorld(phasesNamed(1), (phase, its, signal) =>
        its.executed.length > 1 ? completes(phase, its, signal) : fault(its),
      );
      assert.equal((await world.drain({ batchSize: 1, maxAttemptsPerPhase: 1 })).stop.complete, false);
      world.problem = null;
      const resumed = await resume(world);
      assert.deepEqual([resumed.succeeded, resumed.stop.kind], [1, 'nothing-left']);
    }
  });

  it('gives up a phase at which every drain was killed', async () => {
    const world = new DrainWorld(phasesNamed(1), (phase, its) => {
      its.change(phase, 'EXECUTING');
      throw new Error('killed');
    });
    for (let time = 0; time < 3; time += 1) {
      await (time === 0 ? world.drain({ maxAttemptsPerPhase: 2 }) : resume(world)).catch(() => undefined);
      const last = world.saved.findLast(({ facts }) => facts.inFlight !== null);
      if (last !== undefined && world.executed.length > time) world.saved.push(structuredClone(last));
    }
    assert.equal(world.executed.length, 2);
  });
});
