import assert from 'node:assert/strict';
import { calibrationEvidence } from '../../../../../src/core/telemetry/calibration/calibrationEvidence.ts';
import { calibrationStep } from '../../../../../src/core/telemetry/calibration/calibrationStep.ts';
import {
  boundsWithoutOwn,
  leaveOnePhaseOut,
} from '../../../../../src/core/telemetry/calibration/leaveOnePhaseOut.ts';
import { phaseFactors } from '../../../../../src/core/telemetry/calibration/poolGroups.ts';
import { referenceEstimator } from '../../../../../src/core/telemetry/estimator/referenceEstimator.ts';
import { close } from '../statistics/close.ts';
import { seededKinds, simulatedSamples } from './simulatedSamples.ts';

describe('leaving one phase out', () => {
  it('judges the samples of each phase by all others, and by none of its own', () => {
    const samples = simulatedSamples({ kinds: seededKinds, phases: 40, samplesPerPhase: 2 });
    const evidence = calibrationEvidence(samples, referenceEstimator);
    const factors = phaseFactors(evidence);
    const { estimates, scores } = leaveOnePhaseOut(evidence, factors);
    const whole = calibrationStep(evidence, factors);
    const { clean } = evidence;
    let differing = 0;
    for (const [row, phase] of clean.phase.entries()) {
      const others = calibrationStep(
        evidence,
        factors.filter((one) => one.phase !== phase),
      );
      close(estimates[row], others.estimate(clean, row), 1e-9);
      if (estimates[row] !== whole.estimate(clean, row)) differing += 1;
      assert.ok((scores[phase] ?? 0) >= (clean.actual[row] ?? NaN) / (estimates[row] ?? NaN));
    }
    assert.ok(differing > 60, `${differing} of 80 samples change their own estimate`);
  });

  it('bounds each phase by the scores of the others', () => {
    // 20 scores, so 19 others: their largest, which for the largest itself is the one before.
    const scores = Float64Array.from({ length: 20 }, (_, at) => at + 1);
    const bound = boundsWithoutOwn(scores);
    assert.deepEqual([bound(0), bound(18), bound(19)], [20, 20, 19]);
    assert.equal(boundsWithoutOwn(scores.subarray(0, 19))(0), null);
  });
});
