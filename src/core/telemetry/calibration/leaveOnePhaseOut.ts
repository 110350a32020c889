import type { CalibrationEvidence } from './calibrationEvidence.ts';
import { type CalibrationStep, calibrationStep, type StepRule } from './calibrationStep.ts';
import type { PhaseFactor } from './poolGroups.ts';

/** More folds than this tell no more; with more phases, some are left out together. */
const mostFolds = 100;

/** Samples as judged by evidence that their phase is not part of. */
export interface HeldOutEstimates {
  /** By row of the clean samples: the new estimate before the safety factor, in output tokens; NaN where not asked for. */
  readonly estimates: Float64Array;
  /** By phase: the largest actual / estimate among its samples, infinite where a call was cut off; NaN where not asked for. */
  readonly scores: Float64Array;
}

/**
 * Repeats the calibration once for each phase, without it, and estimates its samples by the outcome. `isIncluded` tells
 * which phases there are for it. The folds of many phases are even over the kinds, and the same in whatever order the
 * rows come.
 */
export function leaveOnePhaseOut(
  evidence: CalibrationEvidence,
  factors: readonly PhaseFactor[],
  rule: StepRule,
  isIncluded: (phase: number) => boolean = () => true,
): HeldOutEstimates {
  const { clean, phases } = evidence;
  const folds = Math.min(phases.count, mostFolds);
  const rowsByFold = Array.from({ length: folds }, (): number[] => []);
  const foldOf = (phase: number): number => (phases.rank[phase] ?? 0) % folds;
  for (const [row, phase] of clean.phase.entries())
    if (isIncluded(phase)) rowsByFold[foldOf(phase)]?.push(row);
  const known = factors.filter(({ phase }) => isIncluded(phase));
  const estimates = new Float64Array(clean.at.length).fill(NaN);
  for (const [fold, rows] of rowsByFold.entries()) {
    if (rows.length === 0) continue;
    const step = calibrationStep(
      evidence,
      known.filter(({ phase }) => foldOf(phase) !== fold),
      rule,
    );
    for (const row of rows) estimates[row] = step.estimate(clean, row);
  }
  const scores = worstByPhase(evidence, (_, row) => estimates[row] ?? NaN, isIncluded);
  return { estimates, scores };
}

/** By phase: the largest actual / estimate among its clean samples, infinite where a call was cut off; NaN if not included. */
export function worstByPhase(
  { clean, phases }: CalibrationEvidence,
  estimate: CalibrationStep['estimate'],
  isIncluded: (phase: number) => boolean = () => true,
): Float64Array {
  const worst = Float64Array.from(phases.cutOff, (cut, phase) =>
    isIncluded(phase) ? (cut === 1 ? Infinity : 0) : NaN,
  );
  for (const [row, phase] of clean.phase.entries()) {
    if (isIncluded(phase))
      worst[phase] = Math.max(worst[phase] ?? 0, (clean.actual[row] ?? NaN) / estimate(clean, row));
  }
  return worst;
}
