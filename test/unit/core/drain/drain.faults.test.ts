import assert from 'node:assert/strict';
import type { DrainResult } from '../../../../src/core/drain/drainResult.ts';
import { CancelledError, UserFacingError } from '../../../../src/core/errors.ts';
import { anyPhase } from '../../../../src/core/model/phaseFilter.ts';
import { completes, DrainWorld, phasesNamed, type WorldExecutor } from '../../../support/drainWorld.ts';
import { rejectsWith } from '../../../support/rejectsWith.ts';

function only(results: readonly DrainResult[]): DrainResult {
  assert.equal(results.length, 1);
  const [result] = results;
  assert.ok(result);
  return result;
}

describe('drain, where things go wrong', () => {
  it('leaves no phase EXECUTING after a timeout, a cancellation or a crash', async () => {
    const hangs =
      (outcome: 'timed-out' | 'cancelled' | 'exited'): WorldExecutor =>
      (phase, its) => {
        its.change(phase, 'EXECUTING');
        return { outcome, exitCode: outcome === 'exited' ? 1 : null };
      };
    const reasons: Record<string, RegExp> = {
      'timed-out': /^Timed out after 900 s/,
      cancelled: /^Cancelled by user\.$/,
      exited: /^The executor ended with exit code 1 and left the phase EXECUTING/,
    };
    for (const outcome of ['timed-out', 'cancelled', 'exited'] as const) {
      const world = new DrainWorld(phasesNamed(1), hangs(outcome));
      const result = only((await world.drain({ batchSize: 1 })).results);
      assert.equal(result.finalState, 'FAILED');
      assert.equal(world.find('p1').state, 'FAILED');
      assert.match(world.find('p1').reason ?? '', reasons[outcome] ?? /never/);
      assert.match(result.notes.join(), /was left EXECUTING and is set FAILED/);
    }
  });

  it('stops at a cancellation, keeps the QUEUED phase QUEUED and counts no fingerprint', async () => {
    const control = new AbortController();
    const world = new DrainWorld(phasesNamed(3), () => {
      control.abort();
      return { outcome: 'cancelled', exitCode: null };
    });
    const summary = await world.drain({}, control.signal);
    assert.equal(summary.stop.kind, 'cancelled');
    assert.equal(only(summary.results).fingerprint, null);
    assert.deepEqual([summary.processed, summary.failed, summary.cancelled], [1, 0, 1]);
    assert.match(summary.nextStep, /^Resume the session/);
    assert.deepEqual(
      world.phases.map(({ state }) => state),
      ['QUEUED', 'QUEUED', 'QUEUED'],
    );
    assert.equal(world.saved.at(-1)?.facts.inFlight, null);
  });

  it('notices events written under run "unknown"', async () => {
    const world = new DrainWorld(phasesNamed(1), (phase, its) => {
      its.change(phase, 'COMPLETE');
      its.events.push({ runId: 'unknown', phaseId: phase.phaseId, tokens: 5 });
      return {};
    });
    const result = only((await world.drain()).results);
    assert.equal(result.zeroYield?.cause, 'recorded-elsewhere');
    assert.match(result.notes.join(), /1 event\(s\) of p1 were written under run "unknown"/);
  });

  it('counts against the budget what was used under other phases of the run, or under no run', async () => {
    const world = new DrainWorld(phasesNamed(9), (phase, its) => {
      its.change(phase, 'COMPLETE');
      its.usage.push({ runId: 'run', phaseId: phase.phaseId, tokens: 100 });
      its.usage.push({ runId: 'run', phaseId: 'p9', tokens: 30 });
      its.usage.push({ runId: 'unknown', phaseId: 'unknown', tokens: 7 });
      its.usage.push({ runId: 'another', phaseId: 'x', tokens: 9000 });
      return {};
    });
    const summary = await world.drain({ maxTokens: 250 });
    assert.equal(summary.stop.message, 'The drain used 274 tokens of its budget of 250.');
    assert.equal(summary.yield.llmTokens, 200, 'the yield of a phase is its own');
    assert.deepEqual(
      summary.results.map(({ otherTokens }) => otherTokens),
      [37, 37],
    );
    assert.match(summary.results[0]?.notes.join() ?? '', /37 tokens were recorded under other phases/);
  });

  for (const [what, code] of [
    ['a busy database', 'busy'],
    ['a server that starts anew', 'unreachable'],
  ] as const) {
    it(`waits until ${what} can be read again`, async () => {
      const world = new DrainWorld(phasesNamed(1), (phase, its, signal) => {
        its.readProblem = new UserFacingError(code, 'The database is away.', 'Wait.');
        return completes(phase, its, signal);
      });
      const ports = world.ports();
      Object.assign(ports.clock, {
        sleep: (ms: number) => {
          world.now += ms;
          if (world.now % 10_000 === 0) world.readProblem = null;
          return Promise.resolve();
        },
      });
      world.ports = () => ports;
      assert.equal((await world.drain()).succeeded, 1);
    });
  }

  it('passes over a phase that somebody else has finished in the meantime', async () => {
    const world = new DrainWorld(phasesNamed(2), (phase, its, signal) => {
      its.change(its.find('p2'), 'COMPLETE');
      return completes(phase, its, signal);
    });
    const summary = await world.drain();
    assert.deepEqual(world.executed, ['run/p1']);
    assert.deepEqual(
      summary.notTaken.map(({ reason }) => reason),
      ['It became COMPLETE in the meantime.'],
    );
  });

  it('waits for the commit of another process where the executor says so', async () => {
    const world = new DrainWorld(phasesNamed(1), () => ({}));
    world.settleMs = 2000;
    const ports = world.ports();
    const sleep = ports.clock.sleep.bind(ports.clock);
    Object.assign(ports.clock, {
      sleep: async (ms: number) => {
        await sleep(ms);
        if (world.now % 1000 === 750) world.change(world.find('p1'), 'COMPLETE');
      },
    });
    world.ports = () => ports;
    assert.equal((await world.drain()).succeeded, 1);
  });

  it('stops when the executor cannot be started', async () => {
    const world = new DrainWorld(phasesNamed(5), () => ({
      outcome: 'failed-to-start',
      exitCode: null,
      stderrTail: 'spawn python3 ENOENT',
    }));
    const summary = await world.drain();
    assert.equal(summary.stop.kind, 'executor-unavailable');
    assert.equal(world.executed.length, 1);
    assert.match(summary.stop.message, /spawn python3 ENOENT/);
  });

  it('keeps the session when the database vanishes under it', async () => {
    const world = new DrainWorld(phasesNamed(2), (_, its) => {
      its.readProblem = new UserFacingError('not-found', 'There is no file seed.db.', 'Find it.');
      return {};
    });
    const summary = await world.drain();
    assert.equal(summary.stop.kind, 'failed');
    assert.equal(summary.stop.message, 'There is no file seed.db.');
    assert.equal(summary.nextStep, 'Find it.');
    assert.equal(only(summary.results).finalState, 'UNKNOWN');
    assert.equal(world.saved.at(-1)?.session.total_processed, 1);
  });

  it('says when a stranded phase cannot be set FAILED', async () => {
    const world = new DrainWorld(phasesNamed(1), (phase, its) => {
      its.change(phase, 'EXECUTING');
      its.writeProblem = new UserFacingError('locked', 'The database is locked.', 'Wait.');
      return { outcome: 'timed-out', exitCode: null };
    });
    const result = only((await world.drain()).results);
    assert.equal(result.finalState, 'EXECUTING');
    assert.deepEqual(result.notes, ['p1 is still EXECUTING: The database is locked.']);
  });

  it('waits more than a minute for a lock before it leaves a phase EXECUTING, and says what then', async () => {
    const lockedFor = async (seconds: number, outcome: 'exited' | 'cancelled'): Promise<[string, string]> => {
      const world = new DrainWorld(phasesNamed(1), (phase, its) => {
        its.change(phase, 'EXECUTING');
        its.writeProblem = new UserFacingError('locked', 'The database is locked.', 'Wait.');
        return { outcome, exitCode: null };
      });
      const ports = world.ports();
      let lockedSince: number | null = null;
      Object.assign(ports.clock, {
        sleep: (ms: number) => {
          lockedSince ??= world.now;
          world.now += ms;
          if (world.now - lockedSince >= seconds * 1000) world.writeProblem = null;
          return Promise.resolve();
        },
      });
      world.ports = () => ports;
      const { nextStep } = await world.drain({ batchSize: 1 });
      return [world.find('p1').state, nextStep];
    };
    assert.equal((await lockedFor(60, 'exited'))[0], 'FAILED');
    const [state, nextStep] = await lockedFor(600, 'exited');
    assert.equal(state, 'EXECUTING');
    assert.equal(nextStep, 'Check for stale phases: p1 of run is still EXECUTING, and nothing executes it.');
    const [cancelled, resume] = await lockedFor(60, 'cancelled');
    assert.equal(cancelled, 'EXECUTING', 'who cancels does not wait for a minute');
    assert.match(resume, /^Resume the session/);
  });

  it('refuses, before anything is written, what cannot be drained', async () => {
    const refuses = async (
      code: Parameters<typeof rejectsWith>[0],
      world: DrainWorld,
      request = {},
    ): Promise<void> => {
      await rejectsWith(code, world.drain(request));
      assert.equal(world.saved.length, 0);
    };
    await refuses('empty-database', new DrainWorld([], completes));
    await refuses('unknown-run', new DrainWorld(phasesNamed(1), completes), { runId: 'other' });
    await refuses('invalid-argument', new DrainWorld([{ phaseId: 'p', state: 'COMPLETE' }], completes), {
      phaseKeys: [{ runId: 'run', phaseId: 'p' }],
    });
    await refuses('invalid-argument', new DrainWorld(phasesNamed(1), completes), { batchSize: 0 });
    const blind = new DrainWorld(phasesNamed(1), completes);
    blind.hasTelemetryTable = false;
    await refuses('no-telemetry-table', blind);
    const summary = await blind.drain({ allowMissingTelemetry: true });
    assert.equal(summary.warnings.length, 1);
  });

  it('says which states there are where nothing can be drained', async () => {
    const world = new DrainWorld(
      [{ state: 'COMPLETE' }, { state: 'COMPLETE' }, { state: 'GATE' }],
      completes,
    );
    const summary = await world.drain();
    assert.equal(summary.stop.message, 'No phase is QUEUED or FAILED. Phases by state: 2 COMPLETE, 1 GATE.');
    assert.equal(summary.sessionId, null);
    const match = { ...anyPhase, text: 'PHASE-1' };
    const { stop, nextStep } = await world.drain({ states: ['FAILED'], match });
    assert.equal(stop.message, 'No phase that matches "PHASE-1" is FAILED. Phases by state: 1 COMPLETE.');
    assert.equal(nextStep, 'Look for other phases, or drain without a match.');
    assert.equal((await new DrainWorld([], completes).drain({ allowEmptyDatabase: true })).processed, 0);
  });

  it('is cancelled before it starts without leaving a session', async () => {
    const world = new DrainWorld(phasesNamed(1), completes);
    const ports = world.ports();
    Object.assign(ports.store, { backlog: () => Promise.reject(new CancelledError('Reading')) });
    world.ports = () => ports;
    await assert.rejects(world.drain(), CancelledError);
    assert.equal(world.saved.length, 0);
  });

  it('stops after one phase when the server of the executor dies, and puts that phase back in the queue', async () => {
    for (const state of ['FAILED', 'EXECUTING', 'QUEUED'] as const) {
      const world = new DrainWorld(phasesNamed(4), (phase, its, signal) => {
        if (phase.phaseId === 'p1') return completes(phase, its, signal);
        its.problem = {
          message: 'The API server does not answer any more.',
          nextStep: 'Start it again, then resume the session.',
        };
        if (state !== 'QUEUED') its.change(phase, state, 'connection refused');
        return { exitCode: 1 };
      });
      const summary = await world.drain();
      assert.deepEqual(world.executed, ['run/p1', 'run/p2']);
      assert.equal(summary.stop.kind, 'executor-unavailable');
      assert.match(summary.stop.message, /does not answer any more/);
      assert.match(summary.nextStep, /resume the session/);
      assert.equal(world.find('p2').state, 'QUEUED');
      assert.deepEqual([summary.results[1]?.finalState, summary.results[1]?.fingerprint], ['QUEUED', null]);
    }
  });

  it('executes nothing where the server is gone before a phase', async () => {
    const world = new DrainWorld(phasesNamed(2), (phase, its, signal) => {
      its.problem = {
        message: 'The API server does not answer any more.',
        nextStep: 'Start it again, then resume the session.',
      };
      return completes(phase, its, signal);
    });
    const summary = await world.drain();
    assert.deepEqual(world.executed, ['run/p1']);
    assert.deepEqual([summary.succeeded, summary.stop.kind], [1, 'executor-unavailable']);
  });
});
