import assert from 'node:assert/strict';
import type { DrainRequest } from '../../../../src/core/drain/drainOptions.ts';
import { SampleCollection, type CollectionStep } from '../../../../src/core/drain/sampleCollection.ts';
import { noSpend } from '../../../../src/core/model/modelCall.ts';
import { noYield } from '../../../../src/core/model/phaseObservation.ts';
import { telemetryCoverage } from '../../../../src/core/telemetry/analysis/coverage.ts';
import { exampleResult, exampleSummary } from '../../editor/support/examples.ts';
import { samplesOf } from '../telemetry/sampleFixtures.ts';

const nothing = telemetryCoverage(samplesOf(), []);
const existing = { runIds: [], phaseIds: [], deliverables: [], waiting: [] };

/** One phase of 1,000 tokens, half a dollar and ten minutes. */
const drained = exampleSummary({
  activeMs: 600_000,
  results: [
    exampleResult({
      yield: { ...noYield, llmTokens: 1000 },
      spend: { ...noSpend, cost: { ...noSpend.cost, output: 0.5 } },
    }),
  ],
});

function next(collection: SampleCollection, have: number): CollectionStep {
  const coverage = { ...nothing, phases: { have, need: 20 } };
  return collection.next({ coverage, existing, now: Date.UTC(2026, 0, 1) });
}

function reasonOf(step: CollectionStep): string {
  assert.equal(step.kind, 'end');
  return step.reason;
}

describe('collecting samples', () => {
  it('seeds as many phases as clean samples are missing, each in a run of its own', () => {
    const step = next(new SampleCollection({}, drained), 13);
    assert.equal(step.kind, 'seed');
    assert.equal(step.plan.phases.length, 7);
    assert.match(step.plan.runId, /^telemetry-collection-targeted-/);
  });

  it('ends with enough clean samples, however the last drain ended', () => {
    const cut = exampleSummary({ stop: { kind: 'cancelled', message: 'Cancelled.', complete: false } });
    const step = next(new SampleCollection({}, cut), 20);
    assert.deepEqual(step, {
      kind: 'end',
      isEnough: true,
      reason: 'There are enough clean samples.',
    });
  });

  it('ends with a drain that did not do all it was asked to, and says why', () => {
    const stop = { kind: 'cost-limit', message: 'The drain cost $1.', complete: false } as const;
    const step = next(new SampleCollection({}, exampleSummary({ stop })), 5);
    assert.equal(reasonOf(step), 'The drain cost $1.');
  });

  it('ends when a round brings no clean sample', () => {
    const collection = new SampleCollection({}, drained);
    assert.equal(next(collection, 0).kind, 'seed');
    collection.add(drained);
    assert.equal(reasonOf(next(collection, 0)), 'The last phases gave no clean sample.');
  });

  it('ends after six rounds, though each brings one', () => {
    const collection = new SampleCollection({}, drained);
    const kinds = [0, 1, 2, 3, 4, 5, 6].map((have) => {
      const { kind } = next(collection, have);
      collection.add(drained);
      return kind;
    });
    assert.deepEqual(kinds, ['seed', 'seed', 'seed', 'seed', 'seed', 'seed', 'end']);
  });

  it('ends when every kind that is missing waits already', () => {
    const cells = nothing.cells.map((cell) => ({ ...cell, waiting: cell.missing }));
    const coverage = { ...nothing, cells };
    const step = new SampleCollection({}, drained).next({ coverage, existing, now: 0 });
    assert.equal(reasonOf(step), 'There is no kind of phase left to seed.');
  });

  it('drains what was seeded within what is left of the limits, over all drains', () => {
    const request: DrainRequest = {
      ...{ maxTokens: 5000, maxCost: 2, maxTotalMinutes: 60, phaseTimeoutSeconds: 90 },
      ...{ runId: 'first', batchSize: 10, states: ['QUEUED'] },
    };
    const collection = new SampleCollection(request, drained);
    collection.add(drained);
    const { maxTokens, maxCost, maxTotalMinutes, ...rest } = collection.requestFor({
      runId: 'more',
      phases: 7,
    });
    assert.deepEqual(
      { maxTokens, maxCost, maxTotalMinutes },
      {
        maxTokens: 3000,
        maxCost: 1,
        maxTotalMinutes: 40,
      },
    );
    const expected = { phaseTimeoutSeconds: 90, runId: 'more', batchSize: 7 };
    assert.deepEqual(rest, { ...expected, states: undefined, phaseKeys: undefined });
  });

  const usedUp: readonly DrainRequest[] = [{ maxTokens: 1000 }, { maxCost: 0.5 }, { maxTotalMinutes: 10 }];
  for (const request of usedUp) {
    it(`ends where the limit is used up: ${JSON.stringify(request)}`, () => {
      const step = next(new SampleCollection(request, drained), 5);
      assert.equal(reasonOf(step), 'The limits of the drain are used up.');
    });
  }
});
