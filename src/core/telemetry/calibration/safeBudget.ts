import { t } from '../../text/l10n.ts';
import { counted } from '../../text/quantities.ts';
import { BinomialDistribution } from '../statistics/binomialDistribution.ts';
import { conformalBound, conformalRank, countInfinite, toleranceRank } from '../statistics/conformalBound.ts';
import type { KindBound, SafeBudget, ToleranceBound } from './calibrationProposal.ts';
import { calibrationRules } from './calibrationRules.ts';

const { alpha, mostChange } = calibrationRules;
const confidence = 0.95;
const contents = [0.95, 0.9] as const;

/** What the bound is to be taken from: by phase, its largest actual / estimate before the safety factor. */
export interface BoundScores {
  /** Under the proposed coefficients, each phase judged without itself. */
  readonly proposed: Float64Array;
  /** Under the coefficients in use. */
  readonly inUse: Float64Array;
  /** The safety factor in use, and whether it may become smaller. */
  readonly safetyFactor: number;
  readonly mayLower: boolean;
}

/** The safety factor that keeps underestimation at 5 %, from the worst sample of each phase. */
export function safeBudget({ proposed, inUse, safetyFactor, mayLower }: BoundScores): SafeBudget {
  const cutOff = countInfinite(proposed);
  const { rank, missing } = conformalRank(proposed.length, alpha, cutOff);
  const needed = neededFactor(proposed);
  const least = mayLower ? Math.max(1, safetyFactor * (1 - mostChange)) : safetyFactor;
  const factor = needed === null ? null : Math.min(mostFactor(safetyFactor), Math.max(least, needed));
  return {
    factor,
    needed,
    factorInUse: neededFactor(inUse),
    atMostPct: 100 * alpha,
    phases: proposed.length,
    cutOff,
    rank,
    missing,
    tolerance: contents.map((content) => toleranceBound(proposed, content)),
    surePct: factor === null ? null : surePct(proposed, factor),
    statement:
      rank === null ? noBound(proposed.length, cutOff, missing) : promise(proposed.length, cutOff, rank),
  };
}

/** The factor that the scores ask for: rounded up to three decimals, never below 1; `null` without a bound. */
export function neededFactor(scores: Float64Array): number | null {
  const bound = conformalBound(scores, alpha);
  return bound === null ? null : Math.max(1, Math.ceil(bound * 1000 - 1e-9) / 1000);
}

/** The largest safety factor that one step may lead to. */
export function mostFactor(safetyFactor: number): number {
  return Math.floor(safetyFactor * (1 + mostChange) * 1000 + 1e-9) / 1000;
}

/** The bound over the phases of one kind. */
export function kindBound(scores: Float64Array): KindBound {
  const { rank, missing } = conformalRank(scores.length, alpha, countInfinite(scores));
  return { factor: neededFactor(scores), rank, missing };
}

function toleranceBound(scores: Float64Array, content: number): ToleranceBound {
  const { rank, missing } = toleranceRank(scores.length, content, confidence, countInfinite(scores));
  const found = rank === null ? null : (scores.toSorted()[rank - 1] ?? null);
  return {
    contentPct: 100 * content,
    confidencePct: 100 * confidence,
    factor: found === null ? null : Math.max(1, Math.ceil(found * 1000 - 1e-9) / 1000),
    missing,
  };
}

/** The largest share of phases, in percent, that the factor serves with 95 % confidence. */
function surePct(scores: Float64Array, factor: number): number {
  const served = scores.filter((score) => score <= factor).length;
  if (served === 0) return 0;
  let [low, high] = [0, 1];
  for (let round = 0; round < 40; round += 1) {
    const middle = (low + high) / 2;
    // The chance of fewer served ones were the share `middle`.
    const below = new BinomialDistribution(scores.length, middle).atMost(served - 1);
    if (below >= confidence) low = middle;
    else high = middle;
  }
  return 100 * low;
}

function noBound(phases: number, cutOff: number, missing: number): string {
  const [all, more] = [counted(phases, 'phase'), counted(missing, 'more phase')];
  return cutOff === 0
    ? t`No bound at 5 % can be stated from ${all}: ${more} without a cut-off call needed. Without a bound no prediction is lowered.`
    : t`No bound at 5 % can be stated from ${all}, ${cutOff} of them with a cut-off call: ${more} without a cut-off call needed. Without a bound no prediction is lowered.`;
}

function promise(phases: number, cutOff: number, rank: number): string {
  return t`A new phase of these kinds needs more than predicted with a chance of about 5 %: the ${ordinal(rank)} smallest of the worst ratios of ${phases} phases, each judged without itself.${cutOffWords(cutOff)}`;
}

function cutOffWords(cutOff: number): string {
  if (cutOff === 0) return '';
  return cutOff === 1
    ? t` ${counted(1, 'phase')} with a cut-off call counts as needing more, and so do as many more as chance may have hidden.`
    : t` ${counted(cutOff, 'phase')} with a cut-off call count as needing more, and so do as many more as chance may have hidden.`;
}

function ordinal(rank: number): string {
  const isTeen = rank % 100 >= 11 && rank % 100 <= 13;
  const ending = isTeen ? 0 : rank % 10;
  if (ending === 1) return t`${rank}st`;
  if (ending === 2) return t`${rank}nd`;
  return ending === 3 ? t`${rank}rd` : t`${rank}th`;
}
