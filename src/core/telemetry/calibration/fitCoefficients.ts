import { type DeliverableKind, deliverableKinds } from '../estimator/deliverableKind.ts';
import {
  changeCoefficients,
  estimatorCategory,
  overheadTokens,
  rawEstimate,
  type Estimator,
} from '../estimator/estimator.ts';
import type { SampleGroup } from '../evidence/evidenceSamples.ts';
import { type LeastSquaresRow, nonNegativeLeastSquares } from '../statistics/nonNegativeLeastSquares.ts';
import type { SamplePattern } from './calibrationEvidence.ts';
import type { CoefficientChange } from './calibrationProposal.ts';
import { calibrationRules } from './calibrationRules.ts';

/** What a fit may move. */
export interface FitLimits {
  /** Groups whose overhead may change; that of another only rises, where its estimates would fall otherwise. */
  readonly movable: ReadonlySet<number>;
  /** The least that a coefficient may become, as a factor. */
  readonly least: number;
}

/** The coefficients' changes that move the estimates of each group by its factor, as far as they can. */
export type FitCoefficients = (factors: readonly number[]) => readonly CoefficientChange[];

/**
 * What a coefficient's present value weighs, in phases: enough to decide between overhead and marginal tokens where the
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
 * estimates changed by factors, one for each group: least squares of relative errors, each pattern weighted by its phases,
 * no coefficient below its least. Files of a kind keep their ratio of new to modified, which samples seldom
 * tell. Should an estimate then change by more than the step allows, all changes are reduced alike. What does not depend
 * on the factors is worked out once, for leaving out each phase in turn fits a hundred times.
 */
export function fitCoefficients(
  estimator: Estimator,
  groups: readonly SampleGroup[],
  patterns: readonly SamplePattern[],
  { movable, least }: FitLimits,
): FitCoefficients {
  const sampled = patterns.filter(({ samples }) => samples > 0);
  const moving = sampled.filter(({ group }) => movable.has(group));
  const unknowns = [
    ...[...movable].flatMap((group) => overheadUnknown(estimator, groups, group, least)),
    ...deliverableKinds.flatMap((kind) => weightUnknown(estimator, moving, kind, least)),
  ];
  // What the fit moves is counted from the least each unknown may become, which makes "not below" "not negative".
  const rooms = unknowns.map(({ present, least: lowest }) => present - lowest);
  const lines = sampled.map((pattern) => {
    const tokens = unknowns.map((unknown) => unknown.tokens(pattern));
    const shares = tokens.map((value) => value / pattern.estimate);
    const reach = shares.reduce((sum, share, index) => sum + share * (rooms[index] ?? 0), 0);
    return { pattern, tokens, shares, reach };
  });
  const held: LeastSquaresRow[] = rooms.map((target, index) => ({
    factors: rooms.map((_, other) => (other === index ? 1 : 0)),
    target,
    weight: presentWeight,
  }));
  const others = groups.flatMap((_, group) => (movable.has(group) ? [] : [group]));
  return (factors) => {
    const rows: LeastSquaresRow[] = lines.map(({ pattern, shares, reach }) => {
      const change = (factors[pattern.group] ?? 1) - 1;
      return { factors: shares, target: change + reach, weight: pattern.phases };
    });
    const moved = nonNegativeLeastSquares([...rows, ...held], unknowns.length).map(
      (value, index) => value - (rooms[index] ?? 0),
    );
    const most = Math.max(
      0,
      ...lines.map(
        ({ tokens, pattern }) =>
          tokens.reduce((sum, value, index) => sum + value * (moved[index] ?? 0), 0) / pattern.estimate,
      ),
    );
    const allowed = Math.min(1, calibrationRules.mostChange / most);
    const changes = unknowns.flatMap((unknown, index) =>
      unknown.changes(unknown.present + allowed * (moved[index] ?? 0)),
    );
    return [
      ...changes,
      ...others.flatMap((group) => heldOverhead(estimator, groups, patterns, group, changes)),
    ];
  };
}

/** The overhead that keeps every estimate of a group from falling as the tokens of files change; none where none falls. */
function heldOverhead(
  estimator: Estimator,
  groups: readonly SampleGroup[],
  patterns: readonly SamplePattern[],
  group: number,
  changes: readonly CoefficientChange[],
): CoefficientChange[] {
  const kind = groups[group];
  if (kind === undefined) return [];
  const changed = changeCoefficients(estimator, changes);
  const most = patterns.reduce((fall, pattern) => {
    if (pattern.group !== group) return fall;
    return Math.max(fall, pattern.estimate - rawEstimate(changed, kind, pattern.deliverables));
  }, 0);
  if (most <= 0) return [];
  const before = overheadTokens(estimator, kind);
  const path = ['overhead', estimatorCategory(estimator, kind.category), kind.complexity];
  return [{ path, before, after: Math.ceil(before + most) }];
}

function overheadUnknown(
  estimator: Estimator,
  groups: readonly SampleGroup[],
  group: number,
  least: number,
): Unknown[] {
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
      least: present * least,
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
  least: number,
): Unknown[] {
  const phases = patterns.reduce((sum, pattern) => {
    const { created, modified } = pattern.deliverables;
    return sum + (created[kind] + modified[kind] > 0 ? pattern.phases : 0);
  }, 0);
  if (phases < calibrationRules.groupPhases) return [];
  const marginal = estimator.marginalTokens[kind];
  return [
    {
      scale: 1,
      present: 1,
      least,
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
