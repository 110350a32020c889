/** Where the bound stands among the scores, or how many scores are missing to state one. */
export interface ConformalRank {
  /** From 1; `null` with too few scores. */
  readonly rank: number | null;
  /** How many more scores are needed; 0 where there is a rank. */
  readonly missing: number;
}

/**
 * Split conformal prediction (Vovk, Gammerman and Shafer 2005; Lei et al. 2018, JASA 113): the next score exceeds the
 * ceil((n + 1)(1 - alpha))-th smallest of n exchangeable ones with probability alpha at most, whatever their
 * distribution. That rank is within n only for n >= 1 / alpha - 1: 19 scores for 5 %.
 */
export function conformalRank(scores: number, alpha: number): ConformalRank {
  // 20 x 0.95 is not exactly 19 in binary numbers: a rank must not jump by that.
  const rank = Math.ceil((scores + 1) * (1 - alpha) - 1e-9);
  if (scores > 0 && rank <= scores) return { rank, missing: 0 };
  return { rank: null, missing: Math.ceil(1 / alpha - 1 - 1e-9) - scores };
}

/** The bound itself over unsorted scores; `null` with too few. See {@link conformalRank}. */
export function conformalBound(scores: readonly number[], alpha: number): number | null {
  const { rank } = conformalRank(scores.length, alpha);
  return rank === null ? null : (Float64Array.from(scores).sort()[rank - 1] ?? null);
}
