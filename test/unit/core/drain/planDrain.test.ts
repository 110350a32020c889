import assert from 'node:assert/strict';
import fc from 'fast-check';
import { DrainLedger } from '../../../../src/core/drain/drainLedger.ts';
import { type DrainRequest, resolveDrainOptions, scopeOf } from '../../../../src/core/drain/drainOptions.ts';
import { type DrainPlan, planDrain } from '../../../../src/core/drain/planDrain.ts';
import { renderDrainPlan } from '../../../../src/core/drain/drainPlanText.ts';
import { anyPhase } from '../../../../src/core/model/phaseFilter.ts';
import { completes, DrainWorld, failsWith, phasesNamed } from '../../../support/drainWorld.ts';

const phases = fc.array(
  fc.record({
    runId: fc.constantFrom('a', 'b', 'c', 'old-1'),
    phaseIndex: fc.nat(4),
    state: fc.constantFrom('QUEUED', 'FAILED', 'COMPLETE', 'EXECUTING'),
    reason: fc.constantFrom(null, 'import error', 'patch failed', 'timed out'),
    tokenCap: fc.constantFrom(100, 700),
  }),
  { maxLength: 25, size: 'max' },
);
const requests = fc.record(
  {
    batchSize: fc.integer({ min: 1, max: 30 }),
    maxAttemptsPerPhase: fc.integer({ min: 1, max: 3 }),
    maxTokens: fc.integer({ min: 1, max: 2000 }),
    maxTotalMinutes: fc.integer({ min: 1, max: 5 }),
    states: fc.constantFrom(['QUEUED'], ['FAILED']),
    match: fc.constantFrom('A', 'phase-1', 'none').map((text) => ({ ...anyPhase, text })),
    skipRunPrefixes: fc.constant(['old-']),
  },
  { requiredKeys: [] },
);

async function planOf(world: DrainWorld, request: DrainRequest): Promise<DrainPlan> {
  const options = resolveDrainOptions({ ...request, allowEmptyDatabase: true });
  const backlog = await world.ports().store.backlog(scopeOf(options), new AbortController().signal);
  return planDrain(backlog, options);
}

const keysOf = (
  plan: DrainPlan,
  isWanted: (step: DrainPlan['steps'][number]) => boolean = () => true,
): string[] => plan.steps.filter(isWanted).map(({ candidate }) => `${candidate.runId}/${candidate.phaseId}`);

describe('planDrain', () => {
  it('is what a drain does in which every phase succeeds, and explains every other candidate alike', async () => {
    await fc.assert(
      fc.asyncProperty(phases, requests, async (given, limits) => {
        const request = { ...limits, maxTokens: null, maxTotalMinutes: null };
        const world = new DrainWorld(given, completes);
        const plan = await planOf(world, request);
        const summary = await world.drain({ ...request, allowEmptyDatabase: true });
        assert.deepEqual(keysOf(plan), world.executed);
        assert.deepEqual(
          plan.notTaken.map(({ code, phases: left }) => [code, left]),
          summary.notTaken.map(({ code, phases: left }) => [code, left]),
        );
      }),
    );
  });

  it('names the samples in order, and bounds a drain whatever its phases come to', async () => {
    const outcomes = fc.infiniteStream(
      fc.record({ state: fc.constantFrom('COMPLETE', 'FAILED', 'QUEUED'), tokens: fc.nat(700) }),
    );
    await fc.assert(
      fc.asyncProperty(phases, requests, outcomes, async (given, request, script) => {
        const world = new DrainWorld(given, (phase, its) => {
          const { value } = script.next() as { value: { state: string; tokens: number } };
          its.change(phase, value.state, 'broken');
          const tokens = Math.min(value.tokens, phase.tokenCap ?? 0);
          its.usage.push({ runId: phase.runId, phaseId: phase.phaseId, tokens });
          return { exitCode: 1, durationMs: 30_000 };
        });
        const plan = await planOf(world, request);
        const options = { ...request, maxSameFailureRuns: null, phaseTimeoutSeconds: 30 };
        const summary = await world.drain({ ...options, allowEmptyDatabase: true });
        const samples = keysOf(plan, ({ kind }) => kind === 'sample');
        const firstOnes = [...new Map(world.executed.map((key) => [key.split('/')[0], key])).values()];
        const first = world.executed.slice(0, samples.length);
        assert.deepEqual(first, samples.slice(0, first.length));
        assert.ok(firstOnes.length <= samples.length);
        assert.ok(summary.processed <= plan.atMost.executions);
        assert.ok(summary.yield.llmTokens <= (plan.atMost.tokens ?? Infinity));
        assert.ok(summary.processed * 0.5 <= plan.atMost.minutes);
      }),
    );
  });

  it('says what is certain, what depends, and what nothing bounds', async () => {
    const world = new DrainWorld(
      [...phasesNamed(2).map((phase) => ({ ...phase, tokenCap: 50_000 })), { runId: 'z|z', phaseId: 'p9' }],
      completes,
    );
    const plan = await planOf(world, { batchSize: 2, maxTotalMinutes: 10 });
    assert.deepEqual(keysOf(plan), ['run/p1', 'z|z/p9']);
    assert.deepEqual(plan.atMost, { executions: 2, minutes: 25, tokens: null });
    assert.equal(
      renderDrainPlan(plan),
      `# Drain plan

2 phases of 3 candidates. **At most** 2 executions, 25 min, no token limit.

Some phases have no token cap and the drain has no limit that bounds them: set a token budget.

## In this order

|  | Run | Phase | State | Token cap | Why |
| --- | --- | --- | --- | --- | --- |
| 1 | \`run\` | \`p1\` | QUEUED | 50,000 | the first phase of its run, as a sample |
| 2 | \`z\\|z\` | \`p9\` | QUEUED | – | the first phase of its run, as a sample |

## Not included

- 1 phase: \`Outside this batch of 2.\`
`,
    );
    const rest = await planOf(world, { batchSize: 3 });
    assert.equal(rest.steps[2]?.reason, 'if the sample of its run is promising');
    assert.match(
      renderDrainPlan(rest),
      /The first 2 are samples, one of each run: the others of a run follow unless it fails in a way/,
    );
  });

  it('says what it is limited to', async () => {
    const world = new DrainWorld(phasesNamed(2), completes);
    const match = { ...anyPhase, text: ' P2 ', categories: ['Tests', 'docs'] };
    const { only } = await planOf(world, { states: ['FAILED'], match });
    assert.equal(only, 'FAILED, "P2", tests or docs');
    const plan = await planOf(world, { match: { ...anyPhase, text: 'P2' } });
    assert.deepEqual(keysOf(plan), ['run/p2']);
    assert.match(renderDrainPlan(plan), /\n\nOnly phases that match: "P2"\.\n\n/);
    assert.equal((await planOf(world, { runId: 'run' })).only, null);
  });

  it('plans what is left of a session by what it has learned', async () => {
    const world = new DrainWorld(
      ['a', 'b', 'c'].flatMap((runId) => phasesNamed(2).map((phase) => ({ ...phase, runId }))),
      failsWith('the same'),
    );
    const options = resolveDrainOptions({ batchSize: 9 });
    const { results } = await world.drain({ batchSize: 2 });
    const backlog = await world.ports().store.backlog({ kind: 'all' }, new AbortController().signal);
    const plan = planDrain(backlog, options, new DrainLedger(options, results));
    assert.equal(keysOf(plan)[0], 'c/p1');
    assert.deepEqual(
      plan.notTaken.map(({ code }) => code),
      ['run-deprioritised'],
    );
    assert.equal(plan.atMost.executions, 7);
  });
});
