import assert from 'node:assert/strict';
import { retryPauseMs, transientEvidence } from '../../../../src/core/drain/failureTreatment.ts';
import { completes, DrainWorld, failsWith, phasesNamed } from '../../../support/drainWorld.ts';

describe('transientEvidence', () => {
  it('knows failures that pass by themselves, and takes no other for one', () => {
    const evidence = (error: string): string | null => transientEvidence({ outcome: 'exited', error });
    for (const error of [
      'anthropic.RateLimitError: Error code: 429 - slow down',
      'HTTP 529: overloaded_error',
      'requests.exceptions.ConnectionError: Connection reset by peer',
      'connect ECONNREFUSED 127.0.0.1:8000',
      'sqlite3.OperationalError: database is locked',
    ]) {
      assert.notEqual(evidence(error), null, error);
    }
    for (const error of [
      'FAILED tests/test_rate_limiter.py::test_blocks',
      '429 tests failed',
      'operator overload is missing',
      "ModuleNotFoundError: No module named 'connection'",
    ]) {
      assert.equal(evidence(error), null, error);
    }
    assert.equal(transientEvidence({ outcome: 'timed-out', error: 'rate limited' }), null);
  });

  it('waits longer each time, within bounds', () => {
    assert.deepEqual(
      [1, 2, 3, 9].map((n) => retryPauseMs(5, n)),
      [5000, 20_000, 80_000, 120_000],
    );
  });
});

describe('drain, after a transient failure', () => {
  it('tries the same phase again after a pause, and learns nothing from the first try', async () => {
    let tries = 0;
    const world = new DrainWorld(phasesNamed(2), (phase, its, signal) =>
      (tries += 1) === 1 ? failsWith('Error code: 429')(phase, its, signal) : completes(phase, its, signal),
    );
    const begun = world.now;
    const summary = await world.drain();
    assert.deepEqual(world.executed, ['run/p1', 'run/p1', 'run/p2']);
    assert.equal(world.now - begun, 3 * 1000 + 5000);
    assert.equal(summary.succeeded, 2);
  });

  it('gives up within its attempts, and retries no phase after the bound until something else happens', async () => {
    const phases = ['a', 'b', 'c', 'd'].map((runId) => ({ runId }));
    const world = new DrainWorld(phases, failsWith('Error code: 429'));
    await world.drain({ maxSameFailureRuns: null });
    const tries = phases.map(({ runId }) => world.executed.filter((key) => key.startsWith(runId)).length);
    assert.ok(Math.max(...tries) <= 2);
    assert.ok(world.executed.length <= phases.length + 3, world.executed.join());
    const none = new DrainWorld(phases, failsWith('Error code: 429'));
    await none.drain({ maxTransientRetries: 0, maxAttemptsPerPhase: 1 });
    assert.equal(new Set(none.executed).size, none.executed.length);
  });
});
