import assert from 'node:assert/strict';
import { setTimeout as wait } from 'node:timers/promises';
import { applyProgress, newLiveDrain, type DrainProgress } from '../../../../src/core/drain/drainProgress.ts';
import { withFewerActivities } from '../../../../src/node/drain/servedDrain.ts';
import { exampleResult } from '../../editor/support/examples.ts';

const key = { runId: 'run', phaseId: 'phase' };

function at(step: 'asking' | 'writing', outputTokens: number): DrainProgress {
  return { kind: 'phase-progress', key, activity: { step, outputTokens, cost: null } };
}

const shown = (each: DrainProgress): string =>
  each.kind === 'phase-progress' ? `${each.activity.step} ${each.activity.outputTokens}` : each.kind;

describe('what an execution is at', () => {
  it('is told a few times a second, each step at once, and the last of it before long', async () => {
    const told: string[] = [];
    const listener = withFewerActivities((progress) => told.push(shown(progress)), 50);
    for (let tokens = 1; tokens <= 100; tokens += 1) listener(at('asking', tokens));
    assert.deepEqual(told, ['asking 1']);
    await wait(80);
    assert.deepEqual(told, ['asking 1', 'asking 100']);
    listener(at('asking', 101));
    listener(at('writing', 101));
    assert.deepEqual(told.slice(2), ['writing 101']);
  });

  it('is never told after the phase has ended', async () => {
    const told: string[] = [];
    const listener = withFewerActivities((progress) => told.push(shown(progress)), 20);
    listener(at('asking', 1));
    listener(at('asking', 2));
    listener({ kind: 'phase-finished', result: exampleResult({}) });
    await wait(50);
    assert.deepEqual(told, ['asking 1', 'phase-finished']);
    listener(at('asking', 1));
    assert.deepEqual(told.slice(2), ['asking 1']);
  });

  it('belongs to the phase under way', () => {
    const live = newLiveDrain({ databasePath: '/a', workspaceFolder: '/', executor: 'x', startedAt: 0 });
    const begun = applyProgress(live, {
      ...{ kind: 'phase-started', key, number: 1, of: 2, attempt: 1, reason: 'First.' },
      ...{ startedAt: 1, timeoutMs: 1000 },
    });
    assert.equal(begun.inFlight?.activity, null);
    assert.equal(applyProgress(begun, at('asking', 7)).inFlight?.activity?.outputTokens, 7);
    const other = { ...at('asking', 7), key: { ...key, phaseId: 'other' } } as DrainProgress;
    assert.equal(applyProgress(begun, other), begun);
    assert.equal(applyProgress(live, at('asking', 7)), live);
  });
});
