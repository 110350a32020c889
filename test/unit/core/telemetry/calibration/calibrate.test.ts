import assert from 'node:assert/strict';
import { calibrate } from '../../../../../src/core/telemetry/calibration/calibrate.ts';
import type {
  CalibrationGateId,
  CalibrationResult,
} from '../../../../../src/core/telemetry/calibration/calibrationProposal.ts';
import {
  changeCoefficients,
  rawEstimate,
  autopackEstimator,
} from '../../../../../src/core/telemetry/estimator/estimator.ts';
import { deliverableMix } from '../../../../../src/core/telemetry/estimator/deliverableKind.ts';
import { driftLines } from '../../../../../src/core/telemetry/report/reportSections.ts';
import { allNew } from '../../../../../src/core/telemetry/estimator/splitDeliverables.ts';
import { seededRandom } from '../../../../../src/core/telemetry/statistics/clusterBootstrap.ts';
import { close } from '../statistics/close.ts';
import { normalNumbers, seededKinds, simulatedSamples } from './simulatedSamples.ts';

const kinds = seededKinds;
const failed = ({ gates }: CalibrationResult): CalibrationGateId[] =>
  gates.filter(({ verdict }) => verdict === 'not-passed').map(({ id }) => id);
const detail = ({ gates }: CalibrationResult, wanted: CalibrationGateId): string =>
  gates.find(({ id }) => id === wanted)?.detail ?? '';

describe('calibration', () => {
  it('finds the truth of each kind, and moves there, by half at most', () => {
    const { groups, verdict } = calibrate(simulatedSamples({ kinds, phases: 400 }));
    assert.equal(verdict, 'proposed');
    for (const kind of kinds) {
      const group = groups.find(
        (one) => one.category === kind.category && one.complexity === kind.complexity,
      );
      close(group?.estimate?.pooledFactor, kind.factor, 0.08 * kind.factor);
      close(group?.estimate?.stepFactor, Math.min(1.5, Math.max(0.5, kind.factor)), 0.08 * kind.factor);
      const { low = 0, high = 0 } = group?.estimate?.interval ?? {};
      // One of five 95 % intervals may miss by a little.
      assert.ok(
        low < 1.02 * kind.factor && kind.factor < 1.02 * high,
        `${low} to ${high} holds ${kind.factor}`,
      );
    }
  });

  it('halves error and waste, and keeps underestimation of phases not seen near 5 %', () => {
    const { validation, safeBudget } = calibrate(simulatedSamples({ kinds, phases: 400 }));
    assert.ok(validation !== null);
    const { before, after, errorChange } = validation;
    assert.ok(after.errorMedianPct < before.errorMedianPct / 2);
    assert.ok(errorChange !== null && errorChange.high < 0);
    assert.ok(before.underestimation.ratePct > 15);
    assert.ok(after.underestimation.ratePct <= 7, `${after.underestimation.ratePct} %`);
    assert.ok(after.wasteMean < before.wasteMean);
    assert.deepEqual([safeBudget.phases, safeBudget.rank], [400, 381]);
  });

  it('is withheld below the phases with clean samples asked for, 20 by default', () => {
    const samples = (phases: number) => simulatedSamples({ kinds, phases });
    assert.ok(failed(calibrate(samples(19))).includes('clean-samples'));
    assert.equal(calibrate(samples(19)).verdict, 'withheld');
    assert.ok(!failed(calibrate(samples(20))).includes('clean-samples'));
    assert.ok(failed(calibrate(samples(20), { minSamples: 21 })).includes('clean-samples'));
  });

  it('bounds all kinds of phases, though every third is of one kind', () => {
    // Kinds come in a cycle of three, and one of them varies far more than the others.
    const three = kinds.slice(0, 3);
    const wild = normalNumbers(seededRandom(8));
    const { safeBudget } = calibrate(
      simulatedSamples({
        kinds: three,
        phases: 300,
        spread: 0.05,
        but: (number, { actual }) => (number % 3 === 1 ? { actual: actual * Math.exp(0.8 * wild()) } : {}),
      }),
    );
    // A third of the phases is wild: 5 % of all is 15 % of them, and those need exp(0.8 x 1.04) = 2.3 times the median.
    assert.ok((safeBudget.factor ?? 0) > 1.8, `${safeBudget.factor}`);
    assert.ok((safeBudget.factor ?? 0) < 3.5, `${safeBudget.factor}`);
  });

  it('reaches what no multiplier on the overhead could, through the tokens of each file', () => {
    // Overhead 634 of at least 2634: even without any overhead the estimate would be 0.76 of what it is.
    const { coefficients, groups } = calibrate(simulatedSamples({ kinds, phases: 200 }));
    const low = groups.find(
      ({ category, complexity }) => category === 'implementation' && complexity === 'low',
    );
    const reached = (low?.predictionFactor ?? 0) / ((coefficients[0]?.after ?? NaN) / 1.3);
    assert.deepEqual(coefficients[0]?.path, ['safetyFactor']);
    close(reached, 0.6, 0.06);
    const backend = coefficients.filter(({ path }) => path[1] === 'backend');
    close((backend[0]?.after ?? 0) / 2000, (backend[1]?.after ?? 0) / 700, 0.002);
  });

  it('moves no estimate by more than half, and keeps every coefficient above zero', () => {
    const far = kinds.map((kind, index) => ({ ...kind, factor: index % 2 === 0 ? 0.05 : 9 }));
    const { groups, coefficients } = calibrate(simulatedSamples({ kinds: far, phases: 200 }));
    const changed = changeCoefficients(autopackEstimator, coefficients);
    for (const { before, after, path } of coefficients) assert.ok(after >= before / 2 - 1, path.join('.'));
    for (const kind of far) {
      for (const files of [1, 2, 3]) {
        const deliverables = allNew(
          deliverableMix(Array.from({ length: files }, (_, file) => kind.path(file))),
        );
        const factor =
          rawEstimate(changed, kind, deliverables) / rawEstimate(autopackEstimator, kind, deliverables);
        assert.ok(factor > 0.499 && factor < 1.501, `${kind.category} ${files}: ${factor}`);
      }
    }
    for (const { estimate } of groups)
      assert.ok(estimate && estimate.stepFactor >= 0.5 && estimate.stepFactor <= 1.5);
  });

  it('counts only clean samples, however many others there are', () => {
    const clean = calibrate(simulatedSamples({ kinds, phases: 60 }));
    const spoilt = [
      { model: 'recorded-example' },
      { success: false },
      { hasStopReason: false },
      { runId: 'unknown' },
      { actual: 0 },
    ];
    const samples = simulatedSamples({
      kinds,
      phases: 120,
      but: (number, { actual }) =>
        number < 60 ? {} : { actual: actual * 20, ...spoilt[number % spoilt.length] },
    });
    const { quality, ...mixed } = calibrate(samples);
    assert.deepEqual([quality.clean, quality.synthetic, quality.failed], [60, 12, 12]);
    assert.equal(quality.suspect + quality.orphaned, 36);
    assert.deepEqual({ ...mixed, quality: clean.quality }, clean);
  });

  it('is the same each time', () => {
    const simulation = { kinds, phases: 40, samplesPerPhase: 2 };
    assert.deepEqual(calibrate(simulatedSamples(simulation)), calibrate(simulatedSamples(simulation)));
  });

  describe('is withheld', () => {
    it('with too few clean samples, saying how many are missing', () => {
      const result = calibrate(simulatedSamples({ kinds, phases: 15 }));
      assert.equal(result.verdict, 'withheld');
      assert.match(detail(result, 'clean-samples'), /5 more needed/);
      assert.match(result.safeBudget.statement, /4 more phases without a cut-off call needed/);
      assert.deepEqual(
        calibrate(simulatedSamples({ kinds, phases: 15 }), { minSamples: 15 }).options.minSamples,
        15,
      );
    });

    it('without a sample at all', () => {
      const result = calibrate(simulatedSamples({ kinds, phases: 0 }));
      assert.equal(result.verdict, 'withheld');
      assert.deepEqual([result.ratio, result.validation, result.coefficients], [null, null, []]);
    });

    it('where all is of one kind, since it stands for no other', () => {
      const result = calibrate(simulatedSamples({ kinds: kinds.slice(0, 1), phases: 60, files: () => 1 }));
      assert.deepEqual(failed(result), ['coverage']);
      assert.match(
        detail(result, 'coverage'),
        /Category: only implementation.*complexity: only low.*only 1\./,
      );
    });

    it('where no kind has five samples', () => {
      const many = Array.from({ length: 12 }, (_, index) => ({
        category: `kind-${index}`,
        complexity: 'low',
        factor: 1,
        path: (file: number) => `src/a${file}.py`,
      }));
      assert.ok(failed(calibrate(simulatedSamples({ kinds: many, phases: 24 }))).includes('group-samples'));
    });

    it('where one model needs much more than the other', () => {
      const result = calibrate(
        simulatedSamples({
          kinds,
          phases: 60,
          but: (number, { actual }) => (number % 2 === 0 ? { model: 'model-b', actual: actual * 2 } : {}),
        }),
      );
      assert.deepEqual(failed(result), ['drift']);
      assert.match(
        detail(result, 'drift'),
        /model-b against model-a: ratios 1\.[89]\d times as large, so higher \(p < 0\.001\)/,
      );
    });

    it('where use has changed over time, and tells since when', () => {
      const result = calibrate(
        simulatedSamples({
          kinds,
          phases: 60,
          but: (number, { actual }) => (number >= 30 ? { actual: actual * 1.8 } : {}),
        }),
      );
      assert.ok(failed(result).includes('drift'));
      assert.equal(result.drift.alarm?.direction, 'up');
      assert.match(driftLines(result.drift).join(' '), /has risen since about 2026-01-06/);
    });

    it('where truncated samples say that the clean ones are the short ones', () => {
      const result = calibrate(
        simulatedSamples({
          kinds,
          phases: 90,
          but: (number, { predicted }) =>
            number % 3 === 0 ? { truncated: true, actual: predicted * 2 } : {},
        }),
      );
      assert.ok(failed(result).includes('censoring'));
      assert.match(detail(result, 'censoring'), /30 calls of 90 \(33\.3 %\).*Too many for a bound/);
    });

    it('where nothing needs changing', () => {
      const right = kinds.map((kind) => ({ ...kind, factor: 1 }));
      const samples = simulatedSamples({ kinds: right, phases: 40, samplesPerPhase: 2, spread: 0.1 });
      const result = calibrate(samples);
      assert.deepEqual(failed(result), ['need']);
      assert.match(result.reasons.join(' '), /Nothing needs changing/);
    });
  });

  it('takes repeats of one phase for one: a hundred samples of ten phases bound nothing', () => {
    const { safeBudget, phases, caveats } = calibrate(
      simulatedSamples({ kinds, phases: 10, samplesPerPhase: 10 }),
    );
    assert.deepEqual([phases, safeBudget.phases, safeBudget.missing], [10, 10, 9]);
    assert.match(caveats.join(' '), /100 samples, 10 phases/);
  });

  it('estimates anew what other coefficients predicted, and says so', () => {
    const older = simulatedSamples({
      kinds,
      phases: 60,
      but: (_, { predicted }) => ({ predicted: predicted * 3 + 1 }),
    });
    const [found, expected] = [calibrate(older), calibrate(simulatedSamples({ kinds, phases: 60 }))];
    assert.deepEqual(found.coefficients, expected.coefficients);
    assert.match(
      found.caveats.join(' '),
      /other coefficients than those in use, and estimated again: 60 clean samples/,
    );
    assert.match(found.caveats.join(' '), /taken to be new/);
  });

  it('uses samples without deliverables for the ratios only', () => {
    const result = calibrate(simulatedSamples({ kinds, phases: 60, but: () => ({ deliverables: null }) }));
    assert.equal(result.withDeliverables, 0);
    assert.deepEqual(
      result.coefficients.map(({ path }) => path.join('.')),
      ['safetyFactor'],
    );
    assert.match(result.caveats.join(' '), /Deliverables not known/);
    // What no coefficient reaches must not be counted on: the factor is that of the coefficients in use.
    assert.equal(result.safeBudget.factor, result.safeBudget.factorInUse);
    assert.match(result.groups[0]?.reasoning ?? '', /Only 0 of 12 phases have known deliverables/);
  });
});
