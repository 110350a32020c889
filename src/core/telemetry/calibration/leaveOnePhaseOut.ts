import { conformalRank } from '../statistics/conformalBound.ts';
import { shuffledRanks } from '../statistics/shuffledRanks.ts';
import type { CalibrationEvidence } from './calibrationEvidence.ts';
import { calibrationRules } from './calibrationRules.ts';
import { calibrationStep } from './calibrationStep.ts';
import type { PhaseFactor } from './poolGroups.ts';

/** More folds than this tell no more; with more phases, some are left out together. */
const mostFolds = 100;

/** Each clean sample as judged by evidence that its phase is not part of. */
export interface HeldOutEstimates {
  /** By row of the clean samples: the new estimate before the safety factor, in output tokens. */
  readonly estimates: Float64Array;
  /** By phase: the largest actual / estimate among its clean samples. */
  readonly scores: Float64Array;
}

/** Repeats the calibration once for each phase, without it, and estimates its samples by the outcome. */
export function leaveOnePhaseOut(
  evidence: CalibrationEvidence,
  factors: readonly PhaseFactor[],
): HeldOutEstimates {
  const { clean, phases } = evidence;
  const folds = Math.min(phases, mostFolds);
  const rowsByFold = Array.from({ length: folds }, (): number[] => []);
  const ranks = shuffledRanks(phases);
  const foldOf = (phase: number): number => (ranks[phase] ?? 0) % folds;
  for (const [row, phase] of clean.phase.entries()) rowsByFold[foldOf(phase)]?.push(row);
  const estimates = new Float64Array(clean.at.length);
  for (const [fold, rows] of rowsByFold.entries()) {
    const others = factors.filter(({ phase }) => foldOf(phase) !== fold);
    const step = calibrationStep(evidence, others);
    for (const row of rows) estimates[row] = step.estimate(clean, row);
  }
  return { estimates, scores: worstByPhase(evidence, (row) => estimates[row] ?? NaN) };
}

/** By phase: the largest actual / estimate among its clean samples. */
export function worstByPhase(
  { clean, phases }: CalibrationEvidence,
  estimate: (row: number) => number,
): Float64Array {
  const worst = new Float64Array(phases);
  for (const [row, phase] of clean.phase.entries()) {
    worst[phase] = Math.max(worst[phase] ?? 0, (clean.actual[row] ?? NaN) / estimate(row));
  }
  return worst;
}

/** By phase: the conformal bound over the scores of all others; `null` where these are too few. */
export function boundsWithoutOwn(scores: Float64Array): (phase: number) => number | null {
  const { rank } = conformalRank(scores.length - 1, calibrationRules.alpha);
  if (rank === null) return () => null;
  const sorted = scores.toSorted();
  const [bound = NaN, next = NaN] = [sorted[rank - 1], sorted[rank]];
  return (phase) => ((scores[phase] ?? NaN) <= bound ? next : bound);
}
