import assert from 'node:assert/strict';
import fc from 'fast-check';
import { DrainLedger } from '../../../../src/core/drain/drainLedger.ts';
import { type DrainOptions, resolveDrainOptions } from '../../../../src/core/drain/drainOptions.ts';
import { tokensUsed } from '../../../../src/core/drain/drainResult.ts';
import type { DrainStopKind, DrainSummary } from '../../../../src/core/drain/drainSummary.ts';
import { toAutopackSession } from '../../../../src/core/drain/sessionRecord.ts';
import { DrainWorld } from '../../../support/drainWorld.ts';

const reasons = [null, 'import error', 'missing file', 'patch failed', 'timed out', 'odd'];

/** Phases in a few runs, in any state and with any reason. */
const backlog = fc.array(
  fc.record({
    runId: fc.constantFrom('a', 'b', 'c', 'old-1'),
    phaseIndex: fc.nat(4),
    state: fc.constantFrom('QUEUED', 'QUEUED', 'FAILED', 'COMPLETE', 'EXECUTING', 'GATE'),
    reason: fc.constantFrom(...reasons),
  }),
  // Long ones as often as short ones, or hardly a limit would be reached.
  { maxLength: 40, size: 'max' },
);

/** What comes of each execution, in turn; the last is repeated. */
const outcomes = fc.array(
  fc.record({
    state: fc.constantFrom('COMPLETE', 'FAILED', 'QUEUED', 'EXECUTING', 'GATE'),
    outcome: fc.constantFrom('exited' as const, 'exited' as const, 'timed-out' as const),
    reason: fc.constantFrom('red', 'green', 'blue', 'cyan', 'pink'),
    events: fc.nat(2),
    tokens: fc.nat(400),
    seconds: fc.integer({ min: 1, max: 90 }),
    /** Of them, recorded under this phase id instead of that of the phase executed. */
    under: fc.constantFrom(null, null, 'p0', 'unknown'),
  }),
  { minLength: 1, maxLength: 12, size: 'max' },
);

const options = fc.record(
  {
    batchSize: fc.integer({ min: 1, max: 30 }),
    maxAttemptsPerPhase: fc.integer({ min: 1, max: 3 }),
    maxTimeoutsPerRun: fc.integer({ min: 1, max: 3 }),
    maxFingerprintRepeats: fc.integer({ min: 1, max: 4 }),
    maxConsecutiveZeroYield: fc.integer({ min: 1, max: 6 }),
    maxSameFailureRuns: fc.integer({ min: 1, max: 3 }),
    maxTotalMinutes: fc.integer({ min: 1, max: 5 }),
    maxTokens: fc.integer({ min: 1, max: 1500 }),
    skipRunPrefixes: fc.constant(['old-']),
  },
  { requiredKeys: [] },
);

/** Every stop says why in a sentence that is true, and only one that did all it was asked to is complete. */
function refuseUnexplained({ stop, processed, results, notTaken }: DrainSummary, limits: DrainOptions): void {
  assert.match(stop.message, /^[A-Z\d].*\.$/);
  assert.equal(stop.complete, ['batch-done', 'nothing-left'].includes(stop.kind));
  const tokens = results.reduce((sum, result) => sum + tokensUsed(result), 0);
  const minutes = results.reduce((sum, { durationMs }) => sum + durationMs, 0) / 60_000;
  const streak = results.length - 1 - results.findLastIndex(({ zeroYield }) => zeroYield === null);
  const last = results.at(-1)?.fingerprint ?? null;
  const from = results.findLastIndex(({ fingerprint }) => fingerprint === null || fingerprint !== last) + 1;
  const alike = new Set(results.slice(Math.max(from, results.length - streak)).map(({ runId }) => runId));
  const isTrue: Partial<Record<DrainStopKind, boolean>> = {
    'batch-done': processed === limits.batchSize,
    'nothing-left': notTaken.every(({ code }) => code !== 'drain-ended'),
    'token-budget': tokens >= (limits.maxTokens ?? Infinity),
    'total-time': minutes >= (limits.maxTotalMinutes ?? Infinity),
    'zero-yield-streak': streak >= (limits.maxConsecutiveZeroYield ?? Infinity),
    'same-failure': alike.size >= (limits.maxSameFailureRuns ?? Infinity),
  };
  assert.equal(isTrue[stop.kind], true, `${stop.kind}: ${stop.message}`);
}

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
        for (let count = 0; count < next.events; count += 1) world.addEvent(phase, 0);
        const runId = next.under === 'unknown' ? 'unknown' : phase.runId;
        world.usage.push({ runId, phaseId: next.under ?? phase.phaseId, tokens: next.tokens });
        return {
          outcome: next.outcome,
          exitCode: next.outcome === 'exited' ? 1 : null,
          durationMs: next.seconds * 1000,
        };
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

        // Every candidate either ended in a state that is none, or has a reason for being left, or a result.
        const left = summary.notTaken.flatMap(({ phases: each }) => each.map(({ phaseId }) => phaseId));
        const executed = summary.results.map(({ phaseId }) => phaseId);
        const settled = drainable.filter(
          (id) =>
            !['QUEUED', 'FAILED'].includes(world.phases.find(({ phaseId }) => phaseId === id)?.state ?? ''),
        );
        assert.deepEqual([...new Set([...left, ...settled, ...executed])].sort(), drainable.sort());
        assert.equal(new Set([...left, ...settled]).size, left.length + settled.length);
        assert.ok(summary.notTaken.every(({ reason }) => reason.endsWith('.')));
        assert.ok(
          summary.results.every(
            ({ zeroYield, yield: { estimationEvents } }) => (zeroYield === null) === estimationEvents > 0,
          ),
        );
        assert.match(summary.nextStep, /^[A-Z].*\.$/);

        refuseUnexplained(summary, limits);

        const last = world.saved.at(-1);
        if (last === undefined) return;
        const ledger = new DrainLedger(limits);
        for (const result of summary.results) ledger.record(result);
        const rebuilt = toAutopackSession({
          sessionId: last.session.session_id,
          startedAt: summary.startedAt,
          options: limits,
          target: { databasePath: '', workspaceFolder: '' },
          database: world.database,
          executor: '',
          ledger,
          activeMs: 0,
          inFlight: null,
          unresolved: null,
          end: { stop: summary.stop, at: summary.endedAt },
        });
        assert.deepEqual(rebuilt, last.session);
      }),
      { numRuns: 300 },
    );
  });

  it('exceeds no budget of tokens or time by more than one phase, whatever name the tokens are under', async () => {
    await fc.assert(
      fc.asyncProperty(backlog, outcomes, options, async (phases, script, given) => {
        const world = play(phases, script);
        const begun: { tokens: number; elapsed: number }[] = [];
        const startedAt = world.now;
        const ports = world.ports();
        const execute = ports.executor.execute.bind(ports.executor);
        Object.assign(ports.executor, {
          execute: (...args: Parameters<typeof execute>) => {
            const tokens = world.usage.reduce((sum, each) => sum + each.tokens, 0);
            begun.push({ tokens, elapsed: world.now - startedAt });
            return execute(...args);
          },
        });
        world.ports = () => ports;
        await world.drain({ ...given, allowEmptyDatabase: true });
        const { maxTokens = Infinity, maxTotalMinutes = Infinity } = given;
        for (const { tokens, elapsed } of begun) {
          assert.ok(tokens < maxTokens, `a phase was begun after ${tokens} of ${maxTokens} tokens`);
          assert.ok(elapsed < maxTotalMinutes * 60_000, `a phase was begun after ${elapsed} ms`);
        }
      }),
      { numRuns: 300 },
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
