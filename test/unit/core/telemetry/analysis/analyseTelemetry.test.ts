import assert from 'node:assert/strict';
import fc from 'fast-check';
import { analyseTelemetry } from '../../../../../src/core/telemetry/analysis/analyseTelemetry.ts';
import { defaultTelemetryOptions as defaults } from '../../../../../src/core/telemetry/analysis/telemetryAnalysis.ts';
import { nextSteps } from '../../../../../src/core/telemetry/analysis/nextSteps.ts';
import type { TelemetrySample } from '../../../../../src/core/telemetry/samples/telemetrySamples.ts';
import { sample, samplesOf, samplesOfPhases } from '../sampleFixtures.ts';

const gate = (analysis: ReturnType<typeof analyseTelemetry>, id: string) =>
  analysis.gates.find((one) => one.id === id);

describe('telemetry analysis', () => {
  it('has null figures without samples, and passes no gate', () => {
    const analysis = analyseTelemetry(samplesOf(), defaults);
    assert.deepEqual(analysis.tier1, {
      underestimationRatePct: null,
      underestimationCount: 0,
      truncationRatePct: null,
      truncationCount: 0,
      successRatePct: null,
    });
    assert.deepEqual(analysis.tier2, { wasteMedian: null, wasteP90: null, wasteMean: null });
    assert.deepEqual(analysis.diagnostic, { smapeMean: null, smapeMedian: null, nonTruncated: 0 });
    assert.deepEqual(
      analysis.gates.map(({ id, value, passed }) => ({ id, value, passed })),
      [
        { id: 'underestimation', value: null, passed: false },
        { id: 'truncation', value: null, passed: false },
        { id: 'clean-samples', value: 0, passed: false },
      ],
    );
  });

  it('counts success over all samples, and the rest over those analysed', () => {
    const samples = samplesOf(
      sample(),
      sample({ actual: 1200 }),
      sample({ success: false, actual: 5000 }),
      sample({ success: false, truncated: true, actual: 8192 }),
    );
    const successOnly = analyseTelemetry(samples, defaults);
    assert.equal(successOnly.analysed, 2);
    assert.equal(successOnly.tier1.successRatePct, 50);
    assert.equal(successOnly.tier1.underestimationRatePct, 50);
    assert.equal(successOnly.tier1.truncationCount, 0);
    const everything = analyseTelemetry(samples, { ...defaults, successOnly: false });
    assert.equal(everything.analysed, 4);
    assert.equal(everything.tier1.successRatePct, 50);
    assert.equal(everything.tier1.underestimationRatePct, 75);
    assert.equal(everything.tier1.truncationRatePct, 25);
  });

  it('leaves truncated samples out of SMAPE, for they are only lower bounds', () => {
    const { diagnostic } = analyseTelemetry(
      samplesOf(sample(), sample({ truncated: true, actual: 1 })),
      defaults,
    );
    // 200 x 200 / 1800
    assert.deepEqual(diagnostic, { smapeMean: 200 / 9, smapeMedian: 200 / 9, nonTruncated: 1 });
  });

  it('takes quantiles of type 2, as everywhere', () => {
    const samples = samplesOf(
      ...[1, 2, 3, 4].map((ratio) => sample({ predicted: 100 * ratio, actual: 100 })),
    );
    const { wasteMedian, wasteP90, wasteMean } = analyseTelemetry(samples, defaults).tier2;
    // R: quantile(1:4, c(0.5, 0.9), type = 2).
    assert.equal(wasteMedian, 2.5);
    assert.equal(wasteP90, 4);
    assert.equal(wasteMean, 2.5);
  });

  it('tolerates underestimation up to the multiplier', () => {
    const samples = samplesOf(sample({ actual: 1000 }), sample({ actual: 1200 }), sample({ actual: 1201 }));
    const count = (underMultiplier: number) =>
      analyseTelemetry(samples, { ...defaults, underMultiplier }).tier1.underestimationCount;
    assert.equal(count(1), 2);
    assert.equal(count(1.2), 1);
  });

  it('shows synthetic samples in the figures but judges the gates without them', () => {
    const recorded = Array.from({ length: 30 }, () => sample({ model: 'recorded-example' }));
    const analysis = analyseTelemetry(samplesOf(...recorded, sample({ actual: 2000 })), defaults);
    assert.equal(analysis.synthetic, 30);
    assert.equal(analysis.analysed, 31);
    assert.ok(Math.abs((analysis.tier1.underestimationRatePct ?? NaN) - 100 / 31) < 1e-12);
    assert.equal(gate(analysis, 'underestimation')?.value, 100);
    assert.equal(gate(analysis, 'clean-samples')?.value, 1);
    assert.match(gate(analysis, 'clean-samples')?.detail ?? '', /30 synthetic samples left out/);
    const without = analyseTelemetry(samplesOf(...recorded), { ...defaults, includeSynthetic: false });
    assert.deepEqual([without.samples, without.analysed, without.groups.length], [30, 0, 0]);
  });

  it('passes every gate with twenty phases that were predicted high enough, and counts phases, not calls', () => {
    const twenty = Array.from({ length: 20 }, (_, index) => sample({ phaseId: `phase-${index}` }));
    assert.deepEqual(
      analyseTelemetry(samplesOfPhases(...twenty), defaults).gates.map(({ passed }) => passed),
      [true, true, true],
    );
    const nineteen = analyseTelemetry(samplesOfPhases(...twenty.slice(1)), defaults);
    assert.equal(gate(nineteen, 'clean-samples')?.passed, false);
    const repeats = analyseTelemetry(samplesOf(...Array.from({ length: 25 }, () => sample())), defaults);
    assert.equal(gate(repeats, 'clean-samples')?.value, 1);
    assert.match(
      gate(repeats, 'clean-samples')?.detail ?? '',
      /25 clean samples; repeats of a phase count once/,
    );
  });

  it('judges truncation over all real calls, of failed phases too', () => {
    const clean = Array.from({ length: 40 }, (_, index) => sample({ phaseId: `phase-${index}` }));
    const cut = clean.map((one) => ({ ...one, truncated: true, success: false }));
    const analysis = analyseTelemetry(samplesOfPhases(...clean, ...cut), defaults);
    assert.deepEqual(
      [gate(analysis, 'truncation')?.value, gate(analysis, 'truncation')?.passed],
      [50, false],
    );
    assert.doesNotMatch(
      nextSteps(analysis)
        .map(({ text }) => text)
        .join(' '),
      /nothing needs tuning/,
    );
  });

  it('suggests a calibration where it would be worth it', () => {
    const twenty = Array.from({ length: 20 }, (_, index) => sample({ phaseId: `phase-${index}` }));
    const advice = (actual: number): string =>
      nextSteps(analyseTelemetry(samplesOfPhases(...twenty.map((one) => ({ ...one, actual }))), defaults))
        .map(({ text }) => text)
        .join(' ');
    assert.match(advice(1200), /too low too often: run "calibrate"/);
    assert.match(advice(500), /2\.00 x what is used, in the median: "calibrate" may save tokens/);
    assert.equal(advice(900), 'All gates are passed: nothing needs tuning.');
  });

  it('speaks of failed phases only where there are some', () => {
    const advice = (...samples: readonly TelemetrySample[]): string =>
      nextSteps(analyseTelemetry(samplesOf(...samples), { ...defaults, successOnly: false }))
        .map(({ text }) => text)
        .join(' ');
    assert.doesNotMatch(advice(sample()), /Failed phases/);
    assert.match(advice(sample(), sample({ success: false })), /Failed phases are in these figures/);
  });

  it('counts orphans and fallback rows, and takes neither as evidence', () => {
    const analysis = analyseTelemetry(
      samplesOf(sample(), sample({ runId: 'gone' }), sample({ hasStopReason: false })),
      defaults,
    );
    assert.deepEqual(analysis.quality, {
      synthetic: 0,
      failed: 0,
      truncated: 0,
      suspect: 1,
      orphaned: 1,
      counted: 0,
      clean: 1,
    });
  });

  it('groups by category and complexity, and by bucket when stratified', () => {
    const samples = samplesOf(
      sample({ category: 'testing', complexity: 'HIGH' }),
      sample({ category: 'tests', complexity: 'low', deliverableCount: 7 }),
      sample({ category: 'tests', complexity: 'low', deliverableCount: 3 }),
      sample({ category: 'documentation', complexity: 'low' }),
    );
    const names = (stratify: boolean) =>
      analyseTelemetry(samples, { ...defaults, stratify }).groups.map(
        ({ category, complexity, deliverables, samples: count }) =>
          `${category} ${complexity} ${deliverables ?? 'any'} ${count}`,
      );
    assert.deepEqual(names(false), ['docs low any 1', 'tests low any 2', 'tests high any 1']);
    assert.deepEqual(names(true), ['docs low 1 1', 'tests low 2-5 1', 'tests low 6+ 1', 'tests high 1 1']);
  });

  it('gives finite figures or null, and groups and classes that add up, for any samples', () => {
    const any = fc.record({
      category: fc.constantFrom('docs', 'tests', null, 'IMPLEMENT_FEATURE'),
      complexity: fc.constantFrom('low', 'high', null),
      deliverableCount: fc.integer({ min: -1, max: 12 }),
      predicted: fc.oneof(fc.integer({ min: -10, max: 90_000 }), fc.constant(NaN)),
      actual: fc.oneof(fc.integer({ min: -10, max: 90_000 }), fc.constant(NaN)),
      success: fc.boolean(),
      truncated: fc.boolean(),
      hasStopReason: fc.boolean(),
      model: fc.constantFrom('m', 'recorded-example'),
      runId: fc.constantFrom('run', 'gone'),
    });
    const options = fc.record({
      successOnly: fc.boolean(),
      stratify: fc.boolean(),
      includeSynthetic: fc.boolean(),
      underMultiplier: fc.double({ min: 0.5, max: 2, noNaN: true }),
    });
    fc.assert(
      fc.property(fc.array(any), options, (list, chosen) => {
        const analysis = analyseTelemetry(samplesOf(...list.map((one) => sample(one))), chosen);
        // JSON turns NaN and infinities into null: what comes back equal held none.
        assert.deepEqual(JSON.parse(JSON.stringify(analysis)), analysis);
        assert.equal(
          analysis.groups.reduce((sum, group) => sum + group.samples, 0),
          analysis.analysed,
        );
        assert.equal(
          Object.values(analysis.quality).reduce((sum, count) => sum + count, 0),
          list.length,
        );
      }),
    );
  });
});
