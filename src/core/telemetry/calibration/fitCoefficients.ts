import { type DeliverableKind, deliverableKinds } from '../estimator/deliverableKind.ts';
import { estimatorCategory, overheadTokens } from '../estimator/estimateTokens.ts';
import type { Estimator } from '../estimator/estimator.ts';
import type { SampleGroup } from '../evidence/sampleGroup.ts';
import { type LeastSquaresRow, nonNegativeLeastSquares } from '../statistics/nonNegativeLeastSquares.ts';
import type { SamplePattern } from './calibrationEvidence.ts';
import type { CoefficientChange } from './calibrationProposal.ts';
import { calibrationRules } from './calibrationRules.ts';

/** Where the estimates of each group are to go, and what may be moved for it. */
export interface FitTarget {
  /** By group: the factor its estimates are to change by. */
  readonly factors: readonly number[];
  /** Groups whose overhead may change. */
  readonly movable: ReadonlySet<number>;
}

/**
 * What a coefficient's present value weighs, in samples: enough to decide between overhead and marginal tokens where the
 * samples cannot, too little to hold the fit back.
 */
const presentWeight = 0.1;
/** Tokens by which a coefficient is measured that is zero now, so that it can grow. */
const zeroScale = 100;

/** A number to be found, as a multiple of `scale`. */
interface Unknown {
  readonly scale: number;
  /** The present multiple, and the least it may become in one step. */
  readonly present: number;
  readonly least: number;
  /** Tokens that a multiple of 1 contributes to the estimate of a pattern. */
  readonly tokens: (pattern: SamplePattern) => number;
  readonly changes: (multiple: number) => readonly CoefficientChange[];
}

/**
 * Fits the coefficients of the estimator's own form, overhead by kind of phase plus marginal tokens by kind of file, to
 * estimates changed by the target's factors: least squares of relative errors, each pattern weighted by its samples,
 * no coefficient below half of what it is. Files of a kind keep their ratio of new to modified, which samples seldom
 * tell. Should an estimate then change by more than the step allows, all changes are reduced alike.
 */
export function fitCoefficients(
  estimator: Estimator,
  groups: readonly SampleGroup[],
  patterns: readonly SamplePattern[],
  { factors, movable }: FitTarget,
): readonly CoefficientChange[] {
  const sampled = patterns.filter(({ samples }) => samples > 0);
  const unknowns = [
    ...[...movable].flatMap((group) => overheadUnknown(estimator, groups, group)),
    ...deliverableKinds.flatMap((kind) => weightUnknown(estimator, sampled, kind)),
  ];
  const lines = sampled.map((pattern) => {
    const tokens = unknowns.map((unknown) => unknown.tokens(pattern));
    return { pattern, tokens, estimate: pattern.estimate };
  });
  const rows: LeastSquaresRow[] = lines.map(({ pattern, tokens, estimate }) => {
    const shares = tokens.map((value) => value / estimate);
    // What the fit moves is counted from the least each unknown may become, which makes "not below" "not negative".
    const change = (factors[pattern.group] ?? 1) - 1;
    const reach = shares.reduce((sum, share, index) => sum + share * room(unknowns[index]), 0);
    return { factors: shares, target: change + reach, weight: pattern.samples };
  });
  const held = unknowns.map((unknown, index) => ({
    factors: unknowns.map((_, other) => (other === index ? 1 : 0)),
    target: room(unknown),
    weight: presentWeight,
  }));
  const moved = nonNegativeLeastSquares([...rows, ...held], unknowns.length).map(
    (value, index) => value - room(unknowns[index]),
  );
  const most = Math.max(
    0,
    ...lines.map(
      ({ tokens, estimate }) =>
        tokens.reduce((sum, value, index) => sum + value * (moved[index] ?? 0), 0) / estimate,
    ),
  );
  const allowed = Math.min(1, calibrationRules.mostChange / most);
  return unknowns.flatMap(({ present, changes }, index) => changes(present + allowed * (moved[index] ?? 0)));
}

function room(unknown: Unknown | undefined): number {
  return unknown === undefined ? 0 : unknown.present - unknown.least;
}

function overheadUnknown(estimator: Estimator, groups: readonly SampleGroup[], group: number): Unknown[] {
  const kind = groups[group];
  if (kind === undefined) return [];
  const before = overheadTokens(estimator, kind);
  const path = ['overhead', estimatorCategory(estimator, kind.category), kind.complexity];
  const scale = before === 0 ? zeroScale : before;
  const present = before / scale;
  return [
    {
      scale,
      present,
      least: present * (1 - calibrationRules.mostChange),
      tokens: (pattern) => (pattern.group === group ? scale : 0),
      changes: (multiple) => [{ path, before, after: Math.round(multiple * scale) }],
    },
  ];
}

/** New and modified files of a kind move together. */
function weightUnknown(
  estimator: Estimator,
  patterns: readonly SamplePattern[],
  kind: DeliverableKind,
): Unknown[] {
  const samples = patterns.reduce((sum, pattern) => {
    const { created, modified } = pattern.deliverables;
    return sum + (created[kind] + modified[kind] > 0 ? pattern.samples : 0);
  }, 0);
  if (samples < calibrationRules.groupSamples) return [];
  const marginal = estimator.marginalTokens[kind];
  return [
    {
      scale: 1,
      present: 1,
      least: 1 - calibrationRules.mostChange,
      tokens: (pattern) => marginalOf(estimator, pattern, kind),
      changes: (multiple) =>
        (['new', 'modified'] as const).map((state) => ({
          path: ['marginalTokens', kind, state],
          before: marginal[state],
          after: Math.round(multiple * marginal[state]),
        })),
    },
  ];
}

function marginalOf(estimator: Estimator, { deliverables }: SamplePattern, kind: DeliverableKind): number {
  const marginal = estimator.marginalTokens[kind];
  return deliverables.created[kind] * marginal.new + deliverables.modified[kind] * marginal.modified;
}
