import { counted } from '../../text/quantities.ts';
import { conformalBound, conformalRank } from '../statistics/conformalBound.ts';
import type { SafeBudget } from './calibrationProposal.ts';
import { calibrationRules } from './calibrationRules.ts';

/** What the bound is to be taken from: by phase, its largest actual / estimate before the safety factor. */
export interface BoundScores {
  readonly method: 'split' | 'leave-one-out';
  /** Under the proposed coefficients. */
  readonly proposed: readonly number[];
  /** Under the coefficients in use, of all phases. */
  readonly inUse: readonly number[];
}

/** The safety factor that keeps underestimation at 5 %, from the worst sample of each phase. */
export function safeBudget({ method, proposed, inUse }: BoundScores): SafeBudget {
  const { alpha } = calibrationRules;
  const { rank, missing } = conformalRank(proposed.length, alpha);
  return {
    factor: safeFactor(proposed),
    factorInUse: safeFactor(inUse),
    atMostPct: 100 * alpha,
    method: rank === null ? null : method,
    phases: proposed.length,
    rank,
    missing,
    statement: rank === null ? tooFew(proposed.length, missing) : promise(method, proposed.length, rank),
  };
}

/** Never below 1, for a prediction below the unbiased estimate serves nobody; rounded up to three decimals. */
export function safeFactor(scores: readonly number[]): number | null {
  const bound = conformalBound(scores, calibrationRules.alpha);
  return bound === null ? null : roundedUp(bound);
}

/** See {@link safeFactor}. */
export function roundedUp(bound: number): number {
  return Math.max(1, Math.ceil(bound * 1000 - 1e-9) / 1000);
}

function tooFew(phases: number, missing: number): string {
  return `No bound at 5 % can be stated from ${counted(phases, 'phase')}: ${missing} more are needed, whatever the samples say.`;
}

function promise(method: BoundScores['method'], phases: number, rank: number): string {
  const found = `The ${ordinal(rank)} smallest of the worst ratios of ${phases} phases`;
  return method === 'split'
    ? `${found}, none of which the coefficients were fitted to: a new phase of the same kind needs more with a chance of 5 % at most.`
    : `${found}, each judged without itself: a new phase of the same kind needs more with a chance of about 5 %. That is no guarantee: the coefficients were fitted to these phases.`;
}

function ordinal(rank: number): string {
  const teen = rank % 100 >= 11 && rank % 100 <= 13;
  const ending = teen ? 'th' : ({ 1: 'st', 2: 'nd', 3: 'rd' }[rank % 10] ?? 'th');
  return `${rank}${ending}`;
}
