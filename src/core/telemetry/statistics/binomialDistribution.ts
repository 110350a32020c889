/** Shares of the peak below this are nothing beside the rest. */
const negligible = 1e-18;

/**
 * P(X <= k) of a binomial variable for all k, without factorials: weights are built outwards from the mode by the ratio
 * of neighbours and then scaled to 1, so that a million trials take only as many steps as the distribution is wide.
 */
export class BinomialDistribution {
  readonly #first: number;
  /** P(X <= first + index). */
  readonly #cumulative: readonly number[];

  /** `chance` is above 0 and below 1. */
  constructor(trials: number, chance: number) {
    const odds = chance / (1 - chance);
    const mode = Math.min(trials, Math.floor((trials + 1) * chance));
    const below: number[] = [];
    for (let k = mode, weight = 1; k > 0; k -= 1) {
      weight *= k / ((trials - k + 1) * odds);
      if (weight < negligible) break;
      below.push(weight);
    }
    const weights = [...below.reverse(), 1];
    for (let k = mode, weight = 1; k < trials; k += 1) {
      weight *= ((trials - k) * odds) / (k + 1);
      if (weight < negligible) break;
      weights.push(weight);
    }
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    let sum = 0;
    this.#first = mode - below.length;
    this.#cumulative = weights.map((weight) => (sum += weight) / total);
  }

  /** P(X <= k). */
  atMost(k: number): number {
    if (k < this.#first) return 0;
    return this.#cumulative[Math.floor(k) - this.#first] ?? 1;
  }

  /** The smallest k with P(X <= k) above `probability`. */
  firstAbove(probability: number): number {
    let [low, high] = [0, this.#cumulative.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#cumulative[middle] ?? 1) > probability) high = middle;
      else low = middle + 1;
    }
    return this.#first + low;
  }
}
