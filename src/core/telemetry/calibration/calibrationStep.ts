import { changeCoefficients, rawEstimate, type Estimator } from '../estimator/estimator.ts';
import type { CalibrationEvidence, CalibrationRows, SamplePattern } from './calibrationEvidence.ts';
import type { CoefficientChange, PooledEstimate } from './calibrationProposal.ts';
import { calibrationRules } from './calibrationRules.ts';
import { fitCoefficients } from './fitCoefficients.ts';
import { type PhaseFactor, poolGroups } from './poolGroups.ts';

/** What a step may do; decided once, so that what is judged without a phase is the same rule as what is proposed. */
export interface StepRule {
  /** Groups that may move: with enough phases to be judged. No prediction of another is lowered. */
  readonly movable: ReadonlySet<number>;
  /** What the step reaches: the bound, a part of the way to it, or nothing that could be promised. */
  readonly kind: 'bounded' | 'partial' | 'unbounded';
  /**
   * The least that a coefficient may become, as a factor. Without a bound no prediction is lowered, so that it is 1, or
   * what the safety factor makes up for.
   */
  readonly least: number;
  /** What the estimates make up for where the safety factor would have to rise by more than one step allows; 1 mostly. */
  readonly lift: number;
}

/** What a calibration would do by some of the evidence, before any safety factor. */
export interface CalibrationStep {
  readonly estimates: readonly (PooledEstimate | null)[];
  readonly changes: readonly CoefficientChange[];
  /** The new estimate of a row before the safety factor, in output tokens. */
  readonly estimate: (rows: CalibrationRows, row: number) => number;
}

/** By a rule: pools the factors of some phases and fits the coefficients to them. */
export function calibrationStep(
  evidence: CalibrationEvidence,
  { movable, least, lift }: StepRule,
): (factors: readonly PhaseFactor[]) => CalibrationStep {
  const { groups, estimator, patterns } = evidence;
  const { mostChange } = calibrationRules;
  const fit =
    movable.size === 0 ? () => [] : fitCoefficients(estimator, groups, patterns, { movable, least });
  return (factors) => {
    const estimates = poolGroups(groups, factors);
    const steps = groups.map((_, group) => {
      if (!movable.has(group)) return 1;
      return Math.min(1 + mostChange, Math.max(least, lift * (estimates[group]?.stepFactor ?? 1)));
    });
    const changed = fit(steps).filter(({ before, after }) => before !== after);
    return { estimates, changes: changed, estimate: estimateBy(evidence, changed) };
  };
}

/** The groups that may move by some phases: those with enough of them whose deliverables are known. */
export function movableGroups(
  { groups, clean }: CalibrationEvidence,
  isIncluded: (phase: number) => boolean,
): ReadonlySet<number> {
  const phases = groups.map(() => new Set<number>());
  for (const [row, group] of clean.group.entries()) {
    const phase = clean.phase[row] ?? 0;
    if ((clean.pattern[row] ?? -1) >= 0 && isIncluded(phase)) phases[group]?.add(phase);
  }
  return new Set(
    groups.flatMap((_, group) => ((phases[group]?.size ?? 0) >= calibrationRules.groupPhases ? [group] : [])),
  );
}

/** The estimates of rows under changed coefficients. */
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
