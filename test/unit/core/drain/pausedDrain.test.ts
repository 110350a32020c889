import assert from 'node:assert/strict';
import { drain } from '../../../../src/core/drain/drain.ts';
import { PauseGate, type DrainProgress } from '../../../../src/core/drain/drainProgress.ts';
import { DrainWorld, completes } from '../../../support/drainWorld.ts';

const target = { databasePath: '/repo/seed.db', workspaceFolder: '/repo' };

/** What was told, in short. */
function story(progress: readonly DrainProgress[]): string[] {
  return progress.flatMap((told) => {
    if (told.kind === 'phase-started') return [`${told.key.phaseId} starts`];
    if (told.kind === 'phase-finished') return [`${told.result.phaseId} ends`];
    return told.kind === 'pause-changed' ? [told.pause] : [];
  });
}

describe('a drain that is paused', () => {
  const hour = 3_600_000;
  let gate: PauseGate;
  let told: DrainProgress[];

  beforeEach(() => {
    gate = new PauseGate();
    told = [];
  });

  it('ends the phase under way, tells of the pause, and does not count it as time at work', async () => {
    const world = new DrainWorld([{}, {}], (phase, place, signal) => {
      if (phase.phaseId === 'phase-0') gate.close();
      place.now += 1000;
      return completes(phase, place, signal);
    });
    const summary = await drain(
      { options: {}, ...target, gate },
      world.ports(),
      new AbortController().signal,
      (each) => {
        told.push(each);
        if (each.kind !== 'pause-changed' || each.pause !== 'paused') return;
        world.now += hour;
        queueMicrotask(() => gate.open());
      },
    );
    assert.deepEqual(story(told), [
      'phase-0 starts',
      'pausing',
      'phase-0 ends',
      'paused',
      'none',
      'phase-1 starts',
      'phase-1 ends',
    ]);
    assert.ok(summary.endedAt - summary.startedAt > hour);
    assert.ok(summary.activeMs < 10_000, `${summary.activeMs} ms`);
  });

  it('takes a pause back that was asked for in vain, and can be cancelled while it is paused', async () => {
    const abort = new AbortController();
    const world = new DrainWorld([{}, {}], (phase, place, signal) => {
      gate.close();
      gate.open();
      gate.close();
      return completes(phase, place, signal);
    });
    const summary = await drain({ options: {}, ...target, gate }, world.ports(), abort.signal, (each) => {
      told.push(each);
      if (each.kind === 'pause-changed' && each.pause === 'paused') queueMicrotask(() => abort.abort());
    });
    assert.deepEqual(story(told), ['phase-0 starts', 'pausing', 'none', 'pausing', 'phase-0 ends', 'paused']);
    assert.equal(summary.stop.kind, 'cancelled');
    assert.equal(summary.processed, 1);
  });
});
