import assert from 'node:assert/strict';
import fc from 'fast-check';
import { drain } from '../../../../src/core/drain/drain.ts';
import type { DrainRequest } from '../../../../src/core/drain/drainOptions.ts';
import type { DrainSummary } from '../../../../src/core/drain/drainSummary.ts';
import { anyPhase } from '../../../../src/core/model/phaseFilter.ts';
import { completes, DrainWorld, failsWith, phasesNamed } from '../../../support/drainWorld.ts';
import { rejectsWith } from '../../../support/rejectsWith.ts';

const target = { databasePath: '/repo/seed.db', workspaceFolder: '/repo' };

function resume(world: DrainWorld, request: DrainRequest = {}): Promise<DrainSummary> {
  const sessionId = world.saved.at(-1)?.session.session_id ?? 'none';
  const order = { options: request, ...target, resume: sessionId };
  return drain(order, world.ports(), new AbortController().signal, (each) => world.progress.push(each));
}

const backlog = fc.array(
  fc.record({
    runId: fc.constantFrom('a', 'b', 'c'),
    phaseIndex: fc.nat(4),
    state: fc.constantFrom('QUEUED', 'QUEUED', 'FAILED', 'FAILED', 'COMPLETE'),
    reason: fc.constantFrom(null, 'import error', 'patch failed'),
  }),
  { minLength: 1, maxLength: 20, size: 'max' },
);
/** What comes of a phase at its nth execution follows from the two alone, so that two worlds agree on it. */
const reasons = fc.array(
  fc.constantFrom('red', 'green', 'blue', 'status 429', 'COMPLETE', 'COMPLETE', 'timed-out'),
  {
    minLength: 1,
    maxLength: 9,
    size: 'max',
  },
);
const requests = fc.record(
  {
    batchSize: fc.integer({ min: 1, max: 30 }),
    maxAttemptsPerPhase: fc.integer({ min: 1, max: 3 }),
    maxFingerprintRepeats: fc.integer({ min: 1, max: 4 }),
    maxConsecutiveZeroYield: fc.integer({ min: 1, max: 6 }),
    maxSameFailureRuns: fc.integer({ min: 1, max: 3 }),
    maxTotalMinutes: fc.integer({ min: 1, max: 5 }),
    maxTokens: fc.integer({ min: 1, max: 900 }),
    states: fc.constantFrom(['QUEUED'], ['FAILED']),
    match: fc.constantFrom('A', 'phase-1', 'none').map((text) => ({ ...anyPhase, text })),
  },
  { requiredKeys: [] },
);

function worldOf(phases: readonly object[], script: readonly string[]): DrainWorld {
  const world = new DrainWorld(phases, (phase, its) => {
    const nth = its.executed.filter((key) => key === `${phase.runId}/${phase.phaseId}`).length;
    const next = script[(its.phases.indexOf(phase) * 3 + nth) % script.length] ?? '';
    if (next === 'timed-out') return { outcome: 'timed-out', exitCode: null, durationMs: 20_000 };
    its.change(phase, next === 'COMPLETE' ? 'COMPLETE' : 'FAILED', next);
    if (next === 'COMPLETE') its.addEvent(phase);
    its.usage.push({ runId: phase.runId, phaseId: phase.phaseId, tokens: 70 });
    its.usage.push({ runId: 'unknown', phaseId: phase.phaseId, tokens: 30 });
    return { exitCode: 1, durationMs: 20_000 };
  });
  return world;
}

/** Why candidates were left, in no order: who is asked first depends on the candidates there were at the start. */
function skips({ notTaken }: DrainSummary): string[] {
  return notTaken.map(({ reason, phases }) => `${reason} ${phases.length}`).sort();
}

describe('a resumed drain', () => {
  it('does what the drain would have done that was not stopped, wherever it was killed between two phases', async () => {
    await fc.assert(
      fc.asyncProperty(backlog, reasons, requests, fc.nat(50), async (phases, script, request, cut) => {
        const whole = worldOf(phases, script);
        const expected = await whole.drain(request);
        const killed = worldOf(phases, script);
        const ports = killed.ports();
        // Killed: the process is gone before it can look at another phase, and writes no end.
        let left = whole.executed.length === 0 ? 0 : cut % whole.executed.length;
        const observe = ports.store.observe.bind(ports.store);
        const save = ports.sessions.save.bind(ports.sessions);
        Object.assign(ports.store, {
          observe: (...args: Parameters<typeof observe>) => {
            if (args[1] === null) left -= 1;
            return left < 0 ? Promise.reject(new Error('killed')) : observe(...args);
          },
        });
        Object.assign(ports.sessions, {
          save: (...args: Parameters<typeof save>) => (left < 0 ? Promise.resolve() : save(...args)),
        });
        killed.ports = () => ports;
        const first = await killed.drain(request);
        Object.assign(ports.store, { observe });
        Object.assign(ports.sessions, { save });
        assert.equal(first.stop.kind, whole.executed.length === 0 ? expected.stop.kind : 'failed');
        if (whole.executed.length === 0) return;
        const summary = await resume(killed);
        assert.deepEqual(killed.executed, whole.executed);
        assert.equal(summary.stop.message, expected.stop.message);
        assert.deepEqual(skips(summary), skips(expected));
        const strip = (world: DrainWorld): object => ({
          ...world.saved.at(-1)?.session,
          started_at: null,
          completed_at: null,
        });
        const withoutTimes = (text: unknown): string =>
          JSON.stringify(text).replaceAll(/"timestamp":"[^"]*"/g, '""');
        assert.equal(withoutTimes(strip(killed)), withoutTimes(strip(whole)));
      }),
      { numRuns: 200 },
    );
  });

  it('finds out what came of the phase under way: done, left executing, or never begun', async () => {
    for (const [state, finalState, outcome] of [
      ['COMPLETE', 'COMPLETE', 'exited'],
      ['EXECUTING', 'FAILED', 'interrupted'],
      ['QUEUED', 'QUEUED', 'interrupted'],
    ] as const) {
      const world = new DrainWorld(phasesNamed(1), (phase, its) => {
        if (state !== 'QUEUED') its.change(phase, state);
        if (state === 'COMPLETE') its.addEvent(phase);
        // What is saved from here on is lost, for the process is gone.
        const { saved } = its;
        Object.assign(its, { saved: [...saved] });
        return {};
      });
      const inFlight: DrainWorld['saved'] = [];
      const ports = world.ports();
      const save = ports.sessions.save.bind(ports.sessions);
      Object.assign(ports.sessions, {
        save: async (...args: Parameters<typeof save>) => {
          await save(...args);
          if (args[1].inFlight !== null) inFlight.push(...world.saved.slice(-1));
        },
      });
      world.ports = () => ports;
      // The state right after the executor's work, before anyone looked: nothing is mended.
      Object.assign(ports.store, { fail: () => Promise.resolve(false) });
      await world.drain({ maxAttemptsPerPhase: 1 });
      world.saved.push(...inFlight);
      Object.assign(ports.store, {
        fail: () => {
          world.change(world.find('p1'), 'FAILED', 'nobody executes it');
          return Promise.resolve(true);
        },
      });
      const summary = await resume(world);
      const [result] = summary.results;
      assert.deepEqual([result?.finalState, result?.outcome], [finalState, outcome], state);
      assert.equal(summary.events, state === 'COMPLETE' ? 1 : 0);
      assert.equal(world.executed.length, 1, 'an interrupted attempt counts');
      assert.equal(world.saved.at(-1)?.facts.inFlight, null);
    }
  });

  it('sets FAILED what a lock had kept it from setting', async () => {
    const world = new DrainWorld(phasesNamed(1), (phase, its) => {
      its.change(phase, 'EXECUTING');
      its.writeProblem = new Error('locked');
      return { outcome: 'timed-out', exitCode: null };
    });
    await world.drain({ maxAttemptsPerPhase: 1, maxTotalMinutes: 0.001 });
    assert.equal(world.find('p1').state, 'EXECUTING');
    world.writeProblem = null;
    const summary = await resume(world, { maxTotalMinutes: 5 });
    assert.equal(world.find('p1').state, 'FAILED');
    assert.equal(summary.results[0]?.finalState, 'FAILED');
    assert.match(summary.results[0].notes.join(), /is set FAILED at the resume/);
  });

  it('tries one phase after a streak of failures, and stops again at the same', async () => {
    const phases = ['a', 'b', 'c', 'd', 'e'].map((runId) => ({ runId }));
    const world = new DrainWorld(phases, failsWith('broken'));
    const first = await world.drain({ maxSameFailureRuns: 2 });
    assert.equal(first.stop.kind, 'same-failure');
    assert.equal(world.executed.length, 2);
    const second = await resume(world);
    assert.equal(second.stop.kind, 'same-failure');
    assert.equal(world.executed.length, 3);
  });

  it('makes fingerprints of earlier versions anew, so that an old failure and a new one meet', async () => {
    const phases = ['a', 'b', 'c', 'd'].map((runId) => ({ runId }));
    const world = new DrainWorld(phases, failsWith('broken'));
    await world.drain({ maxSameFailureRuns: 2 });
    for (const { facts } of world.saved) {
      for (const result of facts.results) result.fingerprint = 'FAILED|rc1|h2:broken';
    }
    const summary = await resume(world);
    assert.deepEqual(
      new Set(summary.results.map(({ fingerprint }) => fingerprint)),
      new Set(['rc1|h3:broken']),
    );
    assert.equal(summary.stop.kind, 'same-failure');
  });

  it('goes on with what matched, and with nothing else', async () => {
    const phases = ['auth-1', 'auth-2', 'other'].flatMap((runId) => [
      { runId, state: 'FAILED' },
      { runId, state: 'QUEUED' },
    ]);
    const world = new DrainWorld(phases, completes);
    const match = { ...anyPhase, text: 'AUTH' };
    await world.drain({ match, states: ['FAILED'], maxTokens: 1 });
    assert.equal(world.executed.length, 1);
    await resume(world, { maxTokens: 1000 });
    assert.deepEqual(world.executed, ['auth-1/phase-0', 'auth-2/phase-2']);
  });

  it('refuses a session of another database, a complete one, and none', async () => {
    const world = new DrainWorld(phasesNamed(1), completes);
    await rejectsWith('not-found', resume(world));
    await world.drain();
    await rejectsWith('invalid-argument', resume(world));
    const order = { options: {}, ...target, databasePath: '/other.db' };
    const id = world.saved.at(-1)?.session.session_id ?? '';
    const signal = new AbortController().signal;
    await rejectsWith(
      'other-database',
      drain({ ...order, resume: id }, world.ports(), signal, () => undefined),
    );
  });

  it('refuses to go on in another database that lies at the same path now, and names both', async () => {
    const world = new DrainWorld(phasesNamed(3), completes);
    await world.drain({ maxTokens: 1 });
    world.database = { ...world.database, id: 'another' };
    for (const request of [{}, { batchSize: 5 }]) {
      await assert.rejects(resume(world, request), (error: Error) => {
        assert.match(
          error.message,
          /id the-one; at \/repo\/seed\.db there is another now, with the id another/,
        );
        return true;
      });
    }
    assert.equal(world.executed.length, 1);
    world.database = { ...world.database, id: 'the-one', fileId: '3:4' };
    await resume(world, { maxTokens: 1000 });
    assert.equal(world.executed.length, 3, 'a restored file is the same database');
    assert.deepEqual(world.saved.at(-1)?.facts.database, {
      ...{ id: 'the-one', role: 'seed', fileId: '3:4' },
      // Each of the two drains notes its begin and its end.
      lastSerial: 4,
    });
  });

  it('refuses to go on in an older state of the database than the session knows', async () => {
    const world = new DrainWorld(phasesNamed(3), completes);
    await world.drain({ maxTokens: 1 });
    const { lastSerial } = world.database;
    world.database = { ...world.database, lastSerial: lastSerial - 1 };
    await assert.rejects(
      resume(world),
      /knows the database up to change 2; .* is an older state, at change 1/,
    );
    assert.equal(world.executed.length, 1);
    world.database = { ...world.database, lastSerial: lastSerial + 5 };
    await resume(world, { maxTokens: 1000 });
    assert.equal(world.executed.length, 3, 'what others changed meanwhile keeps nobody from going on');
  });

  it('knows the database of a session without an id by the phases it drained', async () => {
    for (const [change, isRefused] of [
      [() => undefined, false],
      [(world: DrainWorld) => void (world.find('p1').state = 'QUEUED'), true],
      [(world: DrainWorld) => void world.phases.shift(), true],
    ] as const) {
      for (const keepsFacts of [true, false]) {
        const world = new DrainWorld(phasesNamed(3), completes);
        await world.drain({ maxTokens: 1 });
        const ports = world.ports();
        const load = ports.sessions.load.bind(ports.sessions);
        Object.assign(ports.sessions, {
          load: async (id: string) => {
            const stored = await load(id);
            return {
              ...stored,
              facts: keepsFacts && stored.facts !== null ? { ...stored.facts, database: null } : null,
            };
          },
        });
        world.ports = () => ports;
        change(world);
        const going = resume(world, { maxTokens: 1000 });
        if (isRefused) await rejectsWith('other-database', going);
        else await going;
        assert.equal(world.executed.length, isRefused ? 1 : 3);
      }
    }
  });
});
