import assert from 'node:assert/strict';
import { completes, DrainWorld, failsWith, phasesNamed } from '../../../support/drainWorld.ts';

describe('drain', () => {
  it('drains a seeded run, all QUEUED, ten of ten in phase order', async () => {
    const world = new DrainWorld(
      phasesNamed(10)
        .reverse()
        .map((phase, index) => ({ ...phase, phaseIndex: 9 - index })),
      completes,
    );
    const summary = await world.drain({ runId: 'run' });
    assert.deepEqual(
      world.executed,
      phasesNamed(10).map(({ phaseId }) => `run/${phaseId}`),
    );
    assert.equal(summary.succeeded, 10);
    assert.equal(summary.events, 10);
    assert.equal(summary.stop.message, 'Every candidate was drained.');
    assert.equal(summary.stop.complete, true);
    assert.match(summary.nextStep, /analyze the telemetry/);
  });

  it('takes one phase of each run first, then the promising runs', async () => {
    const phases = ['a', 'b'].flatMap((runId) =>
      phasesNamed(2).map((phase) => ({ ...phase, runId, state: 'FAILED' })),
    );
    const world = new DrainWorld(
      phases.map((phase, index) => ({ ...phase, phaseIndex: index % 2 })),
      completes,
    );
    await world.drain();
    assert.deepEqual(world.executed, ['a/p1', 'b/p1', 'a/p2', 'b/p2']);
  });

  it('leaves a run whose sample failed in a known way, and says so for each of its phases', async () => {
    const phases = ['a', 'b'].flatMap((runId) => phasesNamed(3).map((phase) => ({ ...phase, runId })));
    const world = new DrainWorld(phases, failsWith('No such tool'));
    const summary = await world.drain({ maxAttemptsPerPhase: 1, maxFingerprintRepeats: 99 });
    assert.deepEqual(world.executed, ['a/p1', 'b/p1', 'a/p2', 'a/p3']);
    const group = summary.notTaken.find(({ code }) => code === 'run-deprioritised');
    // The phase that was tried is a candidate again, but its result says why it is left.
    assert.deepEqual(
      group?.phases.map(({ phaseId }) => phaseId),
      ['p2', 'p3'],
    );
    assert.match(group.reason, /Run b is deprioritized: .*already seen/);
  });

  it('stops a run at the third repeat of one fingerprint, and every other run that ended with it', async () => {
    const phases = ['a', 'b'].flatMap((runId) => phasesNamed(5).map((phase) => ({ ...phase, runId })));
    const world = new DrainWorld(phases, (phase, its) => {
      its.change(phase, 'FAILED', 'No such tool');
      its.addEvent(phase); // telemetry keeps both runs promising
      return { exitCode: 1 };
    });
    const summary = await world.drain();
    assert.equal(summary.processed, 3);
    assert.equal(summary.stop.kind, 'nothing-left');
    assert.deepEqual(new Set(summary.notTaken.map(({ code }) => code)), new Set(['run-stopped']));
    assert.equal(
      summary.notTaken.reduce((sum, group) => sum + group.phases.length, 0),
      7,
    );
  });

  it('gives a failed phase a second attempt, after the untried ones, and no third', async () => {
    let failures = 0;
    const world = new DrainWorld(phasesNamed(3), (phase, its, signal) =>
      phase.phaseId === 'p1'
        ? failsWith(`different each time ${'x'.repeat((failures += 1))}`)(phase, its, signal)
        : completes(phase, its, signal),
    );
    const summary = await world.drain();
    assert.deepEqual(world.executed, ['run/p1', 'run/p2', 'run/p3', 'run/p1']);
    assert.deepEqual(
      summary.notTaken.map(({ code }) => code),
      ['phase-attempts'],
    );
    assert.deepEqual(
      summary.results.map(({ attempt }) => attempt),
      [1, 1, 1, 2],
    );
  });

  it('stops by its limits, resumable, with the reason for every phase that is left', async () => {
    const world = new DrainWorld(phasesNamed(9), (phase, its) => {
      its.change(phase, 'COMPLETE');
      return { durationMs: 60_000 };
    });
    const summary = await world.drain({ maxTotalMinutes: 3 });
    assert.equal(summary.processed, 3);
    assert.equal(summary.stop.kind, 'total-time');
    assert.equal(summary.stop.complete, false);
    assert.deepEqual(
      summary.notTaken.map(({ code, phases }) => [code, phases.length]),
      [['drain-ended', 6]],
    );
    assert.equal(world.saved.at(-1)?.session.completed_at, null);
    assert.equal(world.saved.at(-1)?.facts.status, 'stopped');

    const barren = new DrainWorld(phasesNamed(9), (phase, its) => {
      its.change(phase, 'COMPLETE');
      return {};
    });
    assert.equal(
      (await barren.drain({ maxConsecutiveZeroYield: 4 })).stop.message,
      '4 phases in a row gave no telemetry.',
    );
    assert.equal(barren.executed.length, 4);
  });

  it('ends a batch as complete', async () => {
    const world = new DrainWorld(phasesNamed(3), completes);
    const summary = await world.drain({ batchSize: 2 });
    assert.equal(summary.stop.kind, 'batch-done');
    assert.match(world.saved.at(-1)?.session.completed_at ?? '', /^2026-01-02T03:04:07\.000000\+00:00$/);
  });

  it('skips runs by prefix, and runs with too many timeouts', async () => {
    const world = new DrainWorld([...phasesNamed(4), { runId: 'old-1', phaseId: 'x' }], () => ({
      outcome: 'timed-out',
      exitCode: null,
    }));
    const summary = await world.drain({ skipRunPrefixes: ['old-'], maxFingerprintRepeats: 99 });
    assert.equal(world.executed.length, 2);
    assert.deepEqual(
      new Set(summary.notTaken.map(({ code }) => code)),
      new Set(['run-prefix', 'run-timeouts']),
    );
    assert.equal(summary.timedOut, 2);
  });

  it('knows the phase in flight before it starts', async () => {
    const world = new DrainWorld(phasesNamed(1), (phase, its, signal) => {
      const last = its.saved.at(-1);
      assert.equal(last?.facts.inFlight?.phaseId, 'p1');
      assert.equal(last.session.total_processed, 0);
      return completes(phase, its, signal);
    });
    assert.equal((await world.drain()).succeeded, 1);
    assert.equal(world.saved.length, 4, 'at the start, before the phase, after it, at the end');
  });

  it('counts only what the phase itself yielded', async () => {
    const world = new DrainWorld(phasesNamed(2), (phase, its) => {
      its.change(phase, 'COMPLETE');
      its.events.push({ runId: 'another', phaseId: phase.phaseId, tokens: 5 });
      if (phase.phaseId === 'p1') its.addEvent(phase, 70);
      return {};
    });
    const summary = await world.drain();
    assert.equal(summary.events, 1);
    assert.equal(summary.yield.outputTokens, 70);
    assert.equal(summary.results[1]?.zeroYield?.code, 'success_no_llm_calls');
  });

  it('drains exactly the phases that were chosen', async () => {
    const world = new DrainWorld(phasesNamed(15), completes);
    const phaseKeys = phasesNamed(15)
      .filter((_, index) => index !== 3)
      .map((phase) => ({ runId: 'run', ...phase }));
    assert.equal(
      (await world.drain({ phaseKeys })).succeeded,
      14,
      'a choice is not cut at the default batch size',
    );
    assert.equal(world.find('p4').state, 'QUEUED');
  });
});
