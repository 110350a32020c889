import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import {
  applyProgress,
  newLiveDrain,
  type DrainProgress,
  type LiveDrain,
} from '../../../../src/core/drain/drainProgress.ts';
import { runningDescription } from '../../../../src/core/drain/timeLeft.ts';
import { exampleResult } from '../support/examples.ts';

const fresh = newLiveDrain({
  databasePath: '/project/seed.db',
  workspaceFolder: '/project',
  executor: 'example',
  startedAt: 0,
});

const begins = (number: number, startedAt: number): DrainProgress => ({
  kind: 'phase-started',
  key: { runId: 'run-a', phaseId: `phase-${number}` },
  number,
  of: 10,
  attempt: 1,
  reason: 'A sample of its run.',
  startedAt,
  timeoutMs: 900_000,
});

const ends = (durationMs: number): DrainProgress => ({
  kind: 'phase-finished',
  result: exampleResult({
    durationMs,
    yield: { estimationEvents: 1, escalationEvents: 0, outputTokens: 800, llmCalls: 0, llmTokens: 0 },
  }),
});

const after = (...told: readonly DrainProgress[]): LiveDrain => told.reduce(applyProgress, fresh);

describe('the row of a drain under way', () => {
  it('says nothing it does not know', () => {
    assert.equal(runningDescription(fresh, 400), 'starting · 0 s');
    assert.equal(runningDescription(after(begins(1, 0)), 3000), '0 of 10 · 3 s');
  });

  it('counts phases, events and tokens, and guesses the time left from two phases on', () => {
    const one = after(begins(1, 0), ends(60_000), begins(2, 60_000));
    assert.equal(runningDescription(one, 60_000), '1 of 10 · 1 min · 1 sample, 1.0/min · 800 tokens');
    const two = applyProgress(applyProgress(one, ends(60_000)), begins(3, 120_000));
    assert.equal(
      runningDescription(two, 120_000),
      '2 of 10 · 2 min · about 8 min left · 2 samples, 1.0/min · 1.6K tokens',
    );
    assert.doesNotMatch(runningDescription({ ...two, isCancelling: true }, 120_000), /left/);
  });

  it('goes on counting where a resumed session had stopped', () => {
    const resumed = after(begins(7, 0), ends(1000));
    assert.match(runningDescription(resumed, 1000), /^7 of 10 · /);
  });

  it('says that it is paused, and counts that time neither as elapsed nor as left', () => {
    const two = after(begins(1, 0), ends(60_000), begins(2, 60_000), ends(60_000), begins(3, 120_000));
    const pausing = applyProgress(two, { kind: 'pause-changed', pause: 'pausing', at: 130_000 });
    assert.match(runningDescription(pausing, 150_000), /^2 of 10 · pausing after this phase · 2 min 30 s · /);
    const ended = applyProgress(pausing, ends(60_000));
    const paused = applyProgress(ended, { kind: 'pause-changed', pause: 'paused', at: 180_000 });
    const later = runningDescription(paused, 3_600_000);
    assert.match(later, /^3 of 10 · paused · 3 min · about 7 min left · 3 samples, 1\.0\/min/);
    const goesOn = applyProgress(paused, { kind: 'pause-changed', pause: 'none', at: 3_600_000 });
    assert.match(runningDescription(goesOn, 3_660_000), /^3 of 10 · 4 min · /);
  });
});
