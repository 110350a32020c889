import assert from 'node:assert/strict';
import { calibrationEvidence } from '../../../../../src/core/telemetry/calibration/calibrationEvidence.ts';
import {
  calibrationStep,
  movableGroups,
} from '../../../../../src/core/telemetry/calibration/calibrationStep.ts';
import { leaveOnePhaseOut } from '../../../../../src/core/telemetry/calibration/draftProposal.ts';
import { phaseFactors } from '../../../../../src/core/telemetry/calibration/poolGroups.ts';
import { autopackEstimator } from '../../../../../src/core/telemetry/estimator/estimator.ts';
import { close } from '../statistics/close.ts';
import { seededKinds, simulatedSamples } from './simulatedSamples.ts';

describe('leaving one phase out', () => {
  it('judges the samples of each phase by all others, and by none of its own', () => {
    const samples = simulatedSamples({ kinds: seededKinds, phases: 40, samplesPerPhase: 2 });
    const evidence = calibrationEvidence(samples, autopackEstimator);
    const factors = phaseFactors(evidence);
    const rule = {
      movable: movableGroups(evidence, () => true),
      kind: 'bounded',
      least: 0.5,
      lift: 1,
    } as const;
    const { estimates, scores } = leaveOnePhaseOut(evidence, factors, rule);
    const stepOf = calibrationStep(evidence, rule);
    const whole = stepOf(factors);
    const { clean } = evidence;
    let differing = 0;
    for (const [row, phase] of clean.phase.entries()) {
      const others = stepOf(factors.filter((one) => one.phase !== phase));
      close(estimates[row], others.estimate(clean, row), 1e-9);
      if (estimates[row] !== whole.estimate(clean, row)) differing += 1;
      assert.ok((scores[phase] ?? 0) >= (clean.actual[row] ?? NaN) / (estimates[row] ?? NaN));
    }
    assert.ok(differing > 60, `${differing} of 80 samples change their own estimate`);
  });

  it('scores a phase with a cut-off call as needing more than any bound', () => {
    const samples = simulatedSamples({
      kinds: seededKinds,
      phases: 30,
      samplesPerPhase: 2,
      but: (number) => (number === 8 || number === 20 ? { truncated: true, success: number === 8 } : {}),
    });
    const evidence = calibrationEvidence(samples, autopackEstimator);
    const rule = {
      movable: movableGroups(evidence, () => true),
      kind: 'bounded',
      least: 0.5,
      lift: 1,
    } as const;
    const { scores } = leaveOnePhaseOut(evidence, phaseFactors(evidence), rule);
    assert.deepEqual([scores.length, scores.filter((score) => score === Infinity).length], [30, 2]);
  });
});
