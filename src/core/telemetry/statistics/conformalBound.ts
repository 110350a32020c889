import { BinomialDistribution } from './binomialDistribution.ts';

/** Where the bound stands among the scores, or how many scores are missing to state one. */
export interface BoundRank {
  /** From 1; `null` where no bound can be stated. */
  readonly rank: number | null;
  /** How many more finite scores are needed; 0 where there is a rank. */
  readonly missing: number;
}

/** More phases than anybody can collect: nothing is searched beyond. */
const mostMissing = 100_000;

/**
 * Conformal prediction (Vovk, Gammerman and Shafer 2005; Lei et al. 2018, JASA 113): the next score exceeds the
 * ceil((n + 1)(1 - alpha))-th smallest of n exchangeable ones with probability alpha at most, whatever their
 * distribution. That rank is within n only for n >= 1 / alpha - 1: 19 scores for 5 %. `infinite` of the scores are so
 * large that no bound holds them, and the rank must be below them. Where there are any, so many more are allowed for as
 * {@link infiniteShare} has it: a bound is stated only where few of them were seen, which by chance is too few.
 */
export function conformalRank(scores: number, alpha: number, infinite = 0): BoundRank {
  // 20 x 0.95 is not exactly 19 in binary numbers: a rank must not jump by that.
  const rankOf = (count: number): number => {
    const unseen = infinite === 0 ? 0 : infiniteShare(infinite, count) - infinite / count;
    return Math.ceil((count + 1) * (1 - Math.max(0, alpha - unseen)) - 1e-9);
  };
  return firstRank(scores, infinite, rankOf);
}

/** How sure one is of {@link infiniteShare}. By simulation, see test/bench. */
export const infiniteConfidence = 0.8;

/** The share of infinite scores that is not exceeded with 80 % confidence (Clopper and Pearson 1934, Biometrika 26). */
export function infiniteShare(infinite: number, scores: number): number {
  let [low, high] = [infinite / scores, 1];
  for (let round = 0; round < 40; round += 1) {
    const middle = (low + high) / 2;
    if (new BinomialDistribution(scores, middle).atMost(infinite) > 1 - infiniteConfidence) low = middle;
    else high = middle;
  }
  return high;
}

/**
 * The tolerance bound by order statistics (Wilks 1941, Annals of Mathematical Statistics 12; Hahn and Meeker, Statistical
 * Intervals, 5.3): the rank whose score at least `content` of all are below, with this confidence. 95 % sure of 95 % takes
 * 59 scores, of 90 % 29.
 */
export function toleranceRank(scores: number, content: number, confidence: number, infinite = 0): BoundRank {
  const rankOf = (count: number): number => {
    if (count === 0) return 1;
    // P(B < rank) >= confidence, where B of the scores are below the quantile.
    return new BinomialDistribution(count, content).firstAbove(confidence - 1e-12) + 1;
  };
  return firstRank(scores, infinite, rankOf);
}

/** The bound itself over scores in any order; `null` with too few finite ones. See {@link conformalRank}. */
export function conformalBound(scores: Float64Array, alpha: number): number | null {
  const { rank } = conformalRank(scores.length, alpha, countInfinite(scores));
  return rank === null ? null : (scores.toSorted()[rank - 1] ?? null);
}

/** How many scores no bound can hold. */
export function countInfinite(scores: Float64Array): number {
  let count = 0;
  for (const score of scores) if (score === Infinity) count += 1;
  return count;
}

/** The rank that `rankOf` asks for among so many scores, or how many more finite ones make it possible. */
function firstRank(scores: number, infinite: number, rankOf: (count: number) => number): BoundRank {
  const fits = (count: number): boolean => count > 0 && rankOf(count) <= count - infinite;
  if (fits(scores)) return { rank: rankOf(scores), missing: 0 };
  const missing = (): number => {
    let [low, high] = [scores, Math.max(1, scores)];
    while (!fits(high) && high < mostMissing) [low, high] = [high, 2 * high];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (fits(middle)) high = middle;
      else low = middle;
    }
    // Ranks are rounded, so that one may fit a little earlier than the search found.
    while (high - 1 > scores && fits(high - 1)) high -= 1;
    return high - scores;
  };
  return {
    rank: null,
    // Searched for only where it is asked for: a calibration looks for a rank a hundred times.
    get missing() {
      return missing();
    },
  };
}
