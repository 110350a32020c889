import assert from 'node:assert/strict';
import { drain } from '../../../../src/core/drain/drain.ts';
import { DrainLedger } from '../../../../src/core/drain/drainLedger.ts';
import { resolveDrainOptions } from '../../../../src/core/drain/drainOptions.ts';
import { lastResults } from '../../../../src/core/drain/drainResult.ts';
import { planDrain } from '../../../../src/core/drain/planDrain.ts';
import {
  completes,
  DrainWorld,
  failsWith,
  phasesNamed,
  type WorldExecutor,
} from '../../../support/drainWorld.ts';

/** Fails as Autopack does: a bare status in the row, the cause in stderr. */
function failsBehindStatus(cause: string, left = 'FAILED'): WorldExecutor {
  return (phase, world) => {
    world.change(phase, left, left === 'FAILED' ? 'FAILED' : null);
    const stderrTail = `ERROR: [${phase.phaseId}] Builder failed: ${cause}\nWARNING: Phase ${phase.phaseId} finished with status: FAILED\n`;
    return { exitCode: 1, stderrTail };
  };
}

const runs = ['a', 'b', 'c', 'd', 'e'].map((runId) => ({ runId, phaseId: `${runId}-1` }));

describe('a drain whose model provider refuses', () => {
  for (const [cause, advice] of [
    ['Error code: 401 - authentication_error', /API key/],
    [`Error code: 403 - {'error': {'type': 'permission_error'}}`, /access/],
    ['Error code: 429 - insufficient_quota', /credit/],
  ] as const) {
    it(`stops at once and leaves the phase QUEUED: ${cause}`, async () => {
      const world = new DrainWorld(runs, failsBehindStatus(cause));
      const summary = await world.drain();
      assert.equal(world.executed.length, 1);
      assert.deepEqual([summary.stop.kind, summary.stop.complete], ['environment', false]);
      assert.match(summary.nextStep, advice);
      assert.match(summary.stop.message, /refused/);
      assert.equal(world.find('a-1', 'a').state, 'QUEUED');
      const [result] = summary.results;
      assert.equal(result?.finalState, 'QUEUED');
      assert.match(result.error ?? '', /Error code/);
      assert.match(result.notes.join('\n'), /says only FAILED[^]*QUEUED again/);
    });
  }

  it('tries the phase again on resume, as often as it takes', async () => {
    let hasKey = false;
    const world = new DrainWorld(phasesNamed(2), (phase, its, signal) =>
      (hasKey ? completes : failsBehindStatus('Error code: 401 - authentication_error'))(phase, its, signal),
    );
    await world.drain();
    const target = { databasePath: '/repo/seed.db', workspaceFolder: '/repo' };
    const resumed = () =>
      drain(
        { options: {}, ...target, resume: world.saved.at(-1)?.session.session_id ?? '' },
        world.ports(),
        new AbortController().signal,
        () => undefined,
      );
    for (let time = 0; time < 3; time++) assert.equal((await resumed()).stop.kind, 'environment');
    hasKey = true;
    assert.equal((await resumed()).succeeded, 2);
  });

  it('says that a phase could not be put back', async () => {
    const world = new DrainWorld(phasesNamed(1), (phase, its, signal) => {
      its.writeProblem = new Error('disk full');
      return failsBehindStatus('Error code: 401 - authentication_error')(phase, its, signal);
    });
    const summary = await world.drain();
    assert.equal(summary.results[0]?.finalState, 'FAILED');
    assert.match(summary.results[0].notes.join(), /still FAILED: disk full/);
  });
});

describe('a drain whose environment fails', () => {
  for (const cause of [
    "ModuleNotFoundError: No module named 'autopack'",
    'ERROR: Failed to start API server: [Errno 98] Address already in use\nERROR: Cannot proceed without API server. Exiting.',
    '/bin/sh: 1: python3: not found',
    "python: can't open file 'scripts/drain_one_phase.py': [Errno 2] No such file or directory",
  ]) {
    it(`stops after two runs in a row: ${cause.slice(0, 60)}`, async () => {
      const world = new DrainWorld(runs, (phase, its) => {
        its.change(phase, 'FAILED', 'FAILED');
        return { exitCode: 1, stderrTail: cause };
      });
      const summary = await world.drain();
      assert.equal(world.executed.length, 2);
      assert.equal(summary.stop.kind, 'environment');
      assert.match(summary.nextStep, /until then\..*one phase shows whether it helped/);
      const [first] = summary.results;
      assert.match(first?.zeroYield?.advice ?? '', /every phase fails like this until then/);
    });
  }

  it('goes on where the model was reached, or another result came between', async () => {
    const broken = "ModuleNotFoundError: No module named 'shop'";
    const reached = new DrainWorld(runs, (phase, its, signal) => {
      its.usage.push({ runId: phase.runId, phaseId: phase.phaseId, tokens: 9 });
      return failsWith(broken)(phase, its, signal);
    });
    await reached.drain({ maxSameFailureRuns: null });
    assert.equal(new Set(reached.executed).size, 5);
    const mixed = new DrainWorld(runs, (phase, its, signal) =>
      failsWith('ace'.includes(phase.runId) ? broken : 'patch rejected')(phase, its, signal),
    );
    await mixed.drain({ maxSameFailureRuns: null });
    assert.equal(new Set(mixed.executed).size, 5);
  });
});

describe('a phase that had no chance', () => {
  const lacksServer =
    "ERROR: Failed to start API server: cannot access local variable 'subprocess'\nERROR: Cannot proceed without API server. Exiting.\n";

  /** Autopack's script where it has no server: it touches nothing, and tells the state of the phase nevertheless. */
  function serverless(phases = phasesNamed(3)): DrainWorld & { hasServer: boolean } {
    const executor: WorldExecutor = (phase, its, signal) =>
      world.hasServer
        ? completes(phase, its, signal)
        : {
            exitCode: 1,
            stderrTail: lacksServer,
            stdoutTail:
              '[drain_one_phase] Final state: QUEUED\n[drain_one_phase] Phase did not complete successfully\n',
          };
    const world = Object.assign(new DrainWorld(phases, executor), { hasServer: false });
    world.runsFirstQueued = true;
    return world;
  }

  async function resume(world: DrainWorld): Promise<Awaited<ReturnType<DrainWorld['drain']>>> {
    const target = { databasePath: '/repo/seed.db', workspaceFolder: '/repo' };
    const sessionId = world.saved.at(-1)?.session.session_id ?? '';
    const { signal } = new AbortController();
    return drain({ options: {}, ...target, resume: sessionId }, world.ports(), signal, () => undefined);
  }

  it('is not taken for one of another database', async () => {
    const summary = await serverless().drain();
    assert.equal(summary.stop.kind, 'environment');
    assert.match(
      summary.stop.message,
      /^2 executions in a row failed for a cause outside their phases: ERROR: Failed to start/,
    );
    assert.match(summary.nextStep, /^Start Autopack's API server.*one phase shows whether it helped/);
  });

  it('is tried again on resume, though its attempts and its batch were used up', async () => {
    for (const request of [{ batchSize: 1, maxAttemptsPerPhase: 1 }, { batchSize: 3 }]) {
      const world = serverless();
      const { stop } = await world.drain(request);
      assert.deepEqual([stop.kind, stop.complete], ['environment', false]);
      assert.equal(world.executed.length, Math.min(2, request.batchSize));
      const { results } = world.saved.at(-1)?.facts ?? { results: [] };
      const options = resolveDrainOptions(request);
      const backlog = await world.ports().store.backlog({ kind: 'all' }, new AbortController().signal);
      const plan = planDrain(backlog, options, new DrainLedger(options, results), 0, true);
      assert.equal(plan.stop, null);
      assert.equal(plan.steps.length, request.batchSize);
      for (let time = 0; time < 3; time++) assert.equal((await resume(world)).stop.kind, 'environment');
      world.hasServer = true;
      const summary = await resume(world);
      assert.ok(summary.stop.complete);
      assert.equal(summary.succeeded, request.batchSize);
      assert.equal(
        lastResults(summary.results).every(({ success }) => success),
        true,
      );
      assert.equal(summary.nextStep, 'Check the identity, then analyze the telemetry.');
      const logs = summary.results.map(({ stderrPath }) => stderrPath);
      assert.equal(new Set(logs).size, logs.length, 'no log is overwritten');
    }
  });

  it('says nothing against its run', async () => {
    const world = serverless(runs.slice(0, 3));
    assert.equal((await world.drain()).results.length, 2);
    world.hasServer = true;
    assert.equal((await resume(world)).succeeded, 3);
  });
});

describe('three different errors of a provider behind one bare status', () => {
  it('are three failures, of which the one that may pass is tried again', async () => {
    const causes: Record<string, string> = {
      a: 'Error code: 400 - invalid_request_error',
      b: 'Error code: 529 - overloaded_error',
      c: 'Error code: 413 - request_too_large',
    };
    const world = new DrainWorld(runs.slice(0, 3), (phase, its, signal) =>
      failsBehindStatus(causes[phase.runId] ?? '')(phase, its, signal),
    );
    const summary = await world.drain();
    const fingerprints = new Set(summary.results.map(({ fingerprint }) => fingerprint));
    assert.equal(fingerprints.size, 3);
    assert.deepEqual(world.executed.slice(0, 4), ['a/a-1', 'b/b-1', 'b/b-1', 'c/c-1']);
  });

  it('are one failure where the same error leaves its phases in different states', async () => {
    const states: Record<string, string> = { a: 'FAILED', b: 'QUEUED', c: 'EXECUTING' };
    const world = new DrainWorld(runs.slice(0, 3), (phase, its, signal) =>
      failsBehindStatus('no patch content', states[phase.runId])(phase, its, signal),
    );
    const summary = await world.drain({ batchSize: 3 });
    assert.equal(new Set(summary.results.map(({ fingerprint }) => fingerprint)).size, 1);
  });
});
