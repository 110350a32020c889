import { gammaln } from 'simple-statistics';

/** The number of values around which a sequence is narrowest. */
const tunedTo = 20;

/**
 * How many standard errors a confidence sequence for a mean reaches out after `count` values: with probability 1 - `level`
 * it holds the mean after every value, ever, so that looking again after each drain costs nothing (Robbins 1970, Annals of
 * Mathematical Statistics 41; the normal mixture of Howard et al. 2021, Annals of Statistics 49).
 */
export function sequenceReach(count: number, level: number): number {
  // Where the mixture is narrowest at `tunedTo` values, to a good approximation (Howard et al., section 3.5).
  const log = -2 * Math.log(level);
  const prior = tunedTo / (log + Math.log(log) + 1);
  return Math.sqrt((1 + prior / count) * (Math.log((count + prior) / prior) + log));
}

/**
 * The evidence that a rate is above `limit`, by hits among independent trials: a ratio of likelihoods whose chance to reach
 * 1 / level at any look, ever, is at most `level` where the rate is not above the limit (the beta mixture of Robbins 1970;
 * e-values, Vovk and Wang 2021, Annals of Statistics 49). 1 where the rate found is not above it.
 */
export function rateEvidence(hits: number, trials: number, limit: number): number {
  if (hits <= limit * trials) return 1;
  const mixed = logBeta(hits + 0.5, trials - hits + 0.5) - logBeta(0.5, 0.5);
  const atLimit = hits * Math.log(limit) + (trials - hits) * Math.log(1 - limit);
  return Math.exp(mixed - atLimit);
}

/** How many more trials, going on as before, make it certain that the rate is above `limit`; `null` where no number can. */
export function trialsMissing(hits: number, trials: number, limit: number, level: number): number | null {
  const rate = hits / trials;
  if (!(rate > limit)) return null;
  let more = 0;
  while (rateEvidence(rate * (trials + more), trials + more, limit) < 1 / level) {
    more += Math.max(1, Math.floor((trials + more) / 100));
    if (more > 1e6) return null;
  }
  return more;
}

/**
 * The chance that `exceeding` or more of `later` scores are above the `rank`-th smallest of `earlier` ones, where all are
 * exchangeable: the beta-binomial distribution of exceedances (Gumbel and von Schelling 1950, Annals of Mathematical
 * Statistics 21). So that a bound of few scores, which is uncertain itself, is not judged as if it were exact.
 */
export function exceedanceChance(exceeding: number, later: number, rank: number, earlier: number): number {
  let sum = 0;
  for (let count = exceeding; count <= later; count += 1) {
    sum += Math.exp(
      logChoose(count + earlier - rank, count) +
        logChoose(later - count + rank - 1, later - count) -
        logChoose(earlier + later, later),
    );
  }
  return Math.min(1, sum);
}

function logBeta(a: number, b: number): number {
  return gammaln(a) + gammaln(b) - gammaln(a + b);
}

function logChoose(n: number, k: number): number {
  return gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1);
}
