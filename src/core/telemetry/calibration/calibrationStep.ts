import { changeCoefficients } from '../estimator/changeCoefficients.ts';
import { rawEstimate } from '../estimator/estimateTokens.ts';
import type { Estimator } from '../estimator/estimator.ts';
import type { CalibrationEvidence, CalibrationRows, SamplePattern } from './calibrationEvidence.ts';
import type { CoefficientChange, PooledEstimate } from './calibrationProposal.ts';
import { calibrationRules } from './calibrationRules.ts';
import { fitCoefficients } from './fitCoefficients.ts';
import { type PhaseFactor, poolGroups } from './poolGroups.ts';

/** What a calibration would do by some of the evidence, before any safety factor. */
export interface CalibrationStep {
  readonly estimates: readonly (PooledEstimate | null)[];
  /** Groups whose estimate is to move: enough samples, and off by more than chance explains. */
  readonly proposed: ReadonlySet<number>;
  readonly changes: readonly CoefficientChange[];
  /** The new estimate of a row before the safety factor, in output tokens. */
  readonly estimate: (rows: CalibrationRows, row: number) => number;
}

/** Pools the factors of some phases and fits the coefficients to them. */
export function calibrationStep(
  evidence: CalibrationEvidence,
  factors: readonly PhaseFactor[],
): CalibrationStep {
  const { groups, estimator, patterns, fitted } = evidence;
  const estimates = poolGroups(groups, factors);
  const enough = groups.flatMap((_, group) =>
    (fitted[group] ?? 0) >= calibrationRules.groupSamples ? [group] : [],
  );
  const proposed = new Set(enough.filter((group) => isCertain(estimates[group] ?? null)));
  const steps = groups.map((_, group) => (proposed.has(group) ? (estimates[group]?.stepFactor ?? 1) : 1));
  const target = { factors: steps, movable: new Set(enough) };
  const changes = proposed.size === 0 ? [] : fitCoefficients(estimator, groups, patterns, target);
  const changed = changes.filter(({ before, after }) => before !== after);
  return { estimates, proposed, changes: changed, estimate: estimateBy(evidence, changed) };
}

function isCertain(estimate: PooledEstimate | null): boolean {
  return estimate !== null && (estimate.interval.low > 1 || estimate.interval.high < 1);
}

function estimateBy(
  { estimator, groups, patterns }: CalibrationEvidence,
  changes: readonly CoefficientChange[],
): CalibrationStep['estimate'] {
  const changed: Estimator = changeCoefficients(estimator, changes);
  const byPattern = patterns.map(({ group, deliverables }) => {
    const kind = groups[group] ?? { category: '', complexity: '' };
    return rawEstimate(changed, kind, deliverables);
  });
  const reached = reachedByGroup(patterns, byPattern, groups.length);
  // Without deliverables there is nothing to compute from: such an estimate moves as those of its group do on average.
  return (rows, row) =>
    byPattern[rows.pattern[row] ?? -1] ?? (rows.estimate[row] ?? NaN) * (reached[rows.group[row] ?? 0] ?? 1);
}

/** The geometric mean of new / present estimate, by group; 1 where no pattern tells. */
function reachedByGroup(
  patterns: readonly SamplePattern[],
  estimates: readonly number[],
  groups: number,
): readonly number[] {
  const logs = new Float64Array(groups);
  const weights = new Float64Array(groups);
  for (const [index, { group, estimate, samples }] of patterns.entries()) {
    logs[group] = (logs[group] ?? 0) + samples * Math.log((estimates[index] ?? estimate) / estimate);
    weights[group] = (weights[group] ?? 0) + samples;
  }
  return Array.from(logs, (sum, group) => Math.exp(sum / Math.max(1, weights[group] ?? 0)));
}
