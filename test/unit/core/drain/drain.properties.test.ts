import assert from 'node:assert/strict';
import fc from 'fast-check';
import { DrainLedger } from '../../../../src/core/drain/drainLedger.ts';
import { resolveDrainOptions } from '../../../../src/core/drain/drainOptions.ts';
import { toReferenceSession } from '../../../../src/core/drain/sessionRecord.ts';
import { DrainWorld } from '../../../support/drainWorld.ts';

const reasons = [null, 'import error', 'missing file', 'patch failed', 'timed out', 'odd'];

/** Phases in a few runs, in any state and with any reason. */
const backlog = fc.array(
  fc.record({
    runId: fc.constantFrom('a', 'b', 'c', 'old-1'),
    phaseIndex: fc.nat(4),
    state: fc.constantFrom('QUEUED', 'FAILED', 'COMPLETE', 'EXECUTING', 'GATE'),
    reason: fc.constantFrom(...reasons),
  }),
  { maxLength: 25 },
);

/** What comes of each execution, in turn; the last is repeated. */
const outcomes = fc.array(
  fc.record({
    state: fc.constantFrom('COMPLETE', 'FAILED', 'QUEUED', 'EXECUTING', 'GATE'),
    outcome: fc.constantFrom('exited' as const, 'exited' as const, 'timed-out' as const),
    reason: fc.constantFrom('red', 'green', 'blue'),
    events: fc.nat(2),
  }),
  { minLength: 1, maxLength: 12 },
);

const options = fc.record(
  {
    batchSize: fc.integer({ min: 1, max: 30 }),
    maxAttemptsPerPhase: fc.integer({ min: 1, max: 3 }),
    maxTimeoutsPerRun: fc.integer({ min: 1, max: 3 }),
    maxFingerprintRepeats: fc.integer({ min: 1, max: 4 }),
    maxConsecutiveZeroYield: fc.integer({ min: 1, max: 6 }),
    maxTotalMinutes: fc.integer({ min: 1, max: 5 }),
    skipRunPrefixes: fc.constant(['old-']),
  },
  { requiredKeys: [] },
);

describe('drain, over random backlogs and outcomes', () => {
  function play(
    phases: typeof backlog extends fc.Arbitrary<infer T> ? T : never,
    script: typeof outcomes extends fc.Arbitrary<infer T> ? T : never,
  ): DrainWorld {
    let turn = 0;
    return new DrainWorld(
      phases.map((phase, index) => ({ ...phase, phaseId: `p${index}` })),
      (phase, world) => {
        const next = script[Math.min(turn++, script.length - 1)];
        assert.ok(next);
        world.change(phase, next.state, next.reason);
        for (let count = 0; count < next.events; count += 1) world.addEvent(phase);
        return { outcome: next.outcome, exitCode: next.outcome === 'exited' ? 1 : null, durationMs: 20_000 };
      },
    );
  }

  it('keeps every limit, explains every phase, strands none, and can be rebuilt from its results', async () => {
    await fc.assert(
      fc.asyncProperty(backlog, outcomes, options, async (phases, script, given) => {
        const world = play(phases, script);
        const request = { ...given, allowEmptyDatabase: true };
        const limits = resolveDrainOptions(request);
        const drainable = phases.flatMap(({ state }, index) =>
          state === 'QUEUED' || state === 'FAILED' ? [`p${index}`] : [],
        );
        const busyBefore = phases.filter(({ state }) => state === 'EXECUTING').length;
        const summary = await world.drain(request);

        for (const key of world.executed) {
          const attempts = world.executed.filter((each) => each === key).length;
          assert.ok(attempts <= limits.maxAttemptsPerPhase);
        }
        assert.ok(summary.processed <= limits.batchSize);
        assert.equal(summary.processed, world.executed.length);
        assert.equal(summary.events, world.events.length);
        assert.ok(
          !world.executed.some((key) => key.startsWith('old-') && (given.skipRunPrefixes ?? []).length > 0),
        );
        for (const runId of ['a', 'b', 'c', 'old-1']) {
          const timeouts = summary.results.filter(
            (each) => each.runId === runId && each.outcome === 'timed-out',
          ).length;
          assert.ok(timeouts <= limits.maxTimeoutsPerRun);
        }
        assert.equal(world.phases.filter(({ state }) => state === 'EXECUTING').length, busyBefore);

        // Every candidate either ended in a state that is none, or has a reason for being left.
        const left = summary.notTaken.flatMap(({ phases: each }) => each.map(({ phaseId }) => phaseId));
        const settled = drainable.filter(
          (id) =>
            !['QUEUED', 'FAILED'].includes(world.phases.find(({ phaseId }) => phaseId === id)?.state ?? ''),
        );
        assert.deepEqual([...left, ...settled].sort(), drainable.sort());
        assert.ok(summary.notTaken.every(({ reason }) => reason.endsWith('.')));
        assert.ok(
          summary.results.every(
            ({ zeroYield, yield: { estimationEvents } }) => (zeroYield === null) === estimationEvents > 0,
          ),
        );
        assert.match(summary.nextStep, /^[A-Z].*\.$/);

        const last = world.saved.at(-1);
        if (last === undefined) return;
        const ledger = new DrainLedger(limits);
        for (const result of summary.results) ledger.record(result);
        const rebuilt = toReferenceSession({
          sessionId: last.session.session_id,
          startedAt: summary.startedAt,
          options: limits,
          target: { databasePath: '', workspaceFolder: '' },
          executor: '',
          ledger,
          activeMs: 0,
          inFlight: null,
          unresolved: null,
          end: { stop: summary.stop, at: summary.endedAt },
        });
        assert.deepEqual(rebuilt, last.session);
      }),
    );
  });

  it('samples every run before it takes a second phase of any', async () => {
    await fc.assert(
      fc.asyncProperty(backlog, outcomes, async (phases, script) => {
        const world = play(phases, script);
        await world.drain({ batchSize: 100, allowEmptyDatabase: true });
        const runs = new Set(
          phases.filter(({ state }) => state === 'QUEUED' || state === 'FAILED').map(({ runId }) => runId),
        );
        const sampled = world.executed.slice(0, runs.size).map((key) => key.split('/')[0]);
        assert.deepEqual(new Set(sampled), runs);
      }),
    );
  });
});
