import { calibrate } from '../../../../../src/core/telemetry/calibration/calibrate.ts';
import { changeCoefficients } from '../../../../../src/core/telemetry/estimator/changeCoefficients.ts';
import { deliverableMix } from '../../../../../src/core/telemetry/estimator/deliverableKind.ts';
import { predictTokens, rawEstimate } from '../../../../../src/core/telemetry/estimator/estimateTokens.ts';
import { referenceEstimator } from '../../../../../src/core/telemetry/estimator/referenceEstimator.ts';
import { allNew } from '../../../../../src/core/telemetry/estimator/splitDeliverables.ts';
import { seededRandom } from '../../../../../src/core/telemetry/statistics/seededRandom.ts';
import { close } from '../statistics/close.ts';
import { normalNumbers, seededKinds, simulatedSamples } from './simulatedSamples.ts';

const spread = 0.35;
const repetitions = 60;
const fresh = 400;

describe('calibration, applied to phases that come after it', function () {
  this.timeout(60_000);

  for (const { phases, method } of [
    { phases: 39, method: 'leave-one-out' },
    { phases: 117, method: 'split' },
  ] as const) {
    it(`underestimates as often as promised, from ${phases} phases (${method})`, () => {
      const random = seededRandom(phases);
      const normal = normalNumbers(random);
      let underestimated = 0;
      for (let repetition = 0; repetition < repetitions; repetition += 1) {
        const result = calibrate(
          simulatedSamples({ kinds: seededKinds, phases, spread, seed: 1000 + repetition }),
        );
        const calibrated = changeCoefficients(referenceEstimator, result.coefficients);
        for (let phase = 0; phase < fresh; phase += 1) {
          const kind = seededKinds[phase % seededKinds.length];
          if (kind === undefined) continue;
          const paths = Array.from({ length: 1 + Math.floor(random() * 3) }, (_, file) => kind.path(file));
          const deliverables = allNew(deliverableMix(paths));
          const actual =
            rawEstimate(referenceEstimator, kind, deliverables) * kind.factor * Math.exp(spread * normal());
          if (actual > predictTokens(calibrated, kind, deliverables)) underestimated += 1;
        }
      }
      // 39 scores: rank 38 of 40, and likewise of 117 the third kept apart. The bound itself varies from one
      // calibration to the next with a deviation of about 3.4 points, so that 60 of them average to within 1.4.
      close(underestimated / repetitions / fresh, 0.05, 0.014);
    });
  }
});
