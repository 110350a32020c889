import assert from 'node:assert/strict';
import { PhaseIndex } from '../../../../../src/core/telemetry/samples/phaseIndex.ts';
import { defaultTelemetryOptions as options } from '../../../../../src/core/telemetry/analysis/telemetryAnalysis.ts';
import {
  TelemetrySamplesBuilder,
  type TelemetrySample,
  type TelemetrySamples,
} from '../../../../../src/core/telemetry/samples/telemetrySamples.ts';
import { modelFigures } from '../../../../../src/core/telemetry/page/modelFigures.ts';
import { noFilter } from '../../../../../src/core/telemetry/page/telemetryFilter.ts';
import { sample, samplesOf } from '../sampleFixtures.ts';

/** Samples of phases of their own, all of them known. */
function inPhases(list: readonly TelemetrySample[]): TelemetrySamples {
  const phases = new PhaseIndex();
  for (const at of list.keys()) phases.addKnown({ runId: 'run', phaseId: `phase-${at}` });
  const builder = new TelemetrySamplesBuilder(phases);
  for (const [at, one] of list.entries()) builder.add({ ...one, phaseId: `phase-${at}` });
  return builder.build();
}

describe('figures of models', () => {
  it('are over the analysed samples of each, most samples first', () => {
    const list = [
      sample({ model: 'opus', actual: 2000 }),
      sample({ model: 'haiku', actual: 500 }),
      sample({ model: 'haiku', actual: 1500, truncated: true }),
      sample({ model: 'haiku', success: false }),
      sample({ model: 'recorded-example' }),
    ];
    const found = modelFigures(samplesOf(...list), { options, filter: noFilter });
    assert.deepEqual(
      found.map(({ model, samples, clean, nonTruncated }) => [model, samples, clean, nonTruncated]),
      [
        ['haiku', 2, 1, 1],
        ['opus', 1, 1, 1],
        ['recorded-example', 1, 0, 1],
      ],
    );
    const [haiku, opus] = found;
    assert.deepEqual([haiku?.underestimation?.ratePct, haiku?.truncation?.ratePct], [50, 50]);
    // 1000 / 500 and 1000 / 1500, and the second was cut off.
    assert.equal(haiku?.wasteMean, (2 + 2 / 3) / 2);
    assert.equal(haiku.smapeMean, (200 * 500) / 1500);
    assert.deepEqual([opus?.underestimation?.ratePct, opus?.wasteMedian], [100, 0.5]);
    assert.deepEqual([opus?.drift, haiku.drift], [null, null], 'too few to compare');
  });

  it('follow the options and the filter', () => {
    const list = [
      sample({ model: 'opus', actual: 1100 }),
      sample({ model: 'opus', success: false, category: 'docs' }),
      sample({ model: 'recorded-example' }),
    ];
    const changed = { ...options, successOnly: false, includeSynthetic: false, underMultiplier: 1.2 };
    const [only, ...rest] = modelFigures(samplesOf(...list), { options: changed, filter: noFilter });
    assert.deepEqual([only?.samples, only?.underestimation?.ratePct, rest.length], [2, 0, 0]);
    const docs = { ...noFilter, categories: ['docs'] };
    assert.deepEqual(
      modelFigures(samplesOf(...list), { options: changed, filter: docs }).map(({ samples }) => samples),
      [1],
    );
  });

  it('say of both of two models how far they lie apart', () => {
    const noise = (at: number): number => 1 + 0.02 * Math.sin(at * 1.7);
    const list = Array.from({ length: 40 }, (_, at) =>
      sample({
        model: at % 2 === 0 ? 'a' : 'b',
        actual: Math.round(1000 * (at % 2 === 0 ? 2 : 1) * noise(at)),
      }),
    );
    const [a, b] = modelFigures(inPhases(list), { options, filter: noFilter });
    assert.deepEqual([a?.drift?.against, b?.drift?.against], ['b', 'a']);
    assert.ok(a?.drift?.blocking === true && b?.drift?.blocking === true);
    assert.ok(Math.abs(a.drift.factor - 2) < 0.1, String(a.drift.factor));
    assert.equal(b.drift.factor, 1 / a.drift.factor);
  });

  it('hold each of three models against the others together', () => {
    const list = Array.from({ length: 60 }, (_, at) =>
      sample({ model: ['a', 'b', 'c'][at % 3] ?? 'a', actual: 900 + ((at * 37) % 200) }),
    );
    const found = modelFigures(inPhases(list), { options, filter: noFilter });
    assert.deepEqual(
      found.map(({ drift }) => [drift?.against, drift?.blocking]),
      Array(3).fill([null, false]),
    );
  });
});
