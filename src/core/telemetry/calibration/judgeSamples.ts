import { shuffledRanks } from '../statistics/shuffledRanks.ts';
import type { CalibrationEvidence } from './calibrationEvidence.ts';
import { boundsWithoutOwn, type HeldOutEstimates } from './leaveOnePhaseOut.ts';
import type { JudgedSample } from './predictionFigures.ts';
import { roundedUp } from './safeBudget.ts';

/** More samples than this tell no more: an even selection of their phases is judged. */
const mostSamples = 50_000;

/** A judged sample and its group. */
export interface JudgedGroupSample extends JudgedSample {
  readonly group: number;
}

/**
 * The clean samples under the coefficients in use and under those that would be proposed without their own phase, both
 * the estimate and the safety factor.
 */
export function judgeSamples(
  { clean, estimator, samples }: CalibrationEvidence,
  { estimates, scores }: HeldOutEstimates,
): readonly JudgedGroupSample[] {
  const stride = Math.ceil(clean.at.length / mostSamples);
  const ranks = shuffledRanks(scores.length);
  const boundOf = boundsWithoutOwn(scores);
  const judged: JudgedGroupSample[] = [];
  for (const [row, phase] of clean.phase.entries()) {
    if ((ranks[phase] ?? 0) % stride !== 0) continue;
    const estimate = clean.estimate[row] ?? NaN;
    const known = (clean.pattern[row] ?? -1) >= 0;
    const recorded = samples.predicted[clean.at[row] ?? 0] ?? NaN;
    const renewed = estimates[row] ?? NaN;
    const bound = boundOf(phase);
    const factor = bound === null ? estimator.safetyFactor : roundedUp(bound);
    judged.push({
      group: clean.group[row] ?? 0,
      phase,
      actual: clean.actual[row] ?? NaN,
      before: { estimate, predicted: known ? Math.floor(estimator.safetyFactor * estimate) : recorded },
      after: { estimate: renewed, predicted: Math.floor(factor * renewed) },
    });
  }
  return judged;
}
