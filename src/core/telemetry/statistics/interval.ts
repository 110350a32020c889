/** A two-sided confidence interval, in the unit of its figure; 95 % where nothing else is said. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** The same where the upper end may be open: `null` if what was seen tells none. */
export interface OpenInterval {
  readonly low: number;
  readonly high: number | null;
}

/** The 97.5 % point of the standard normal distribution, by which a two-sided 95 % interval reaches out. */
export const normal95 = 1.959963984540054;

/**
 * The same of Student's t with these degrees of freedom, by the expansion of Cornish and Fisher (Abramowitz and Stegun,
 * 26.7.5): good to 1 % from 4 on, and wider than any use with fewer.
 */
export function student95(freedom: number): number {
  const z = normal95;
  const f = Math.max(1, freedom);
  return (
    z +
    (z ** 3 + z) / (4 * f) +
    (5 * z ** 5 + 16 * z ** 3 + 3 * z) / (96 * f ** 2) +
    (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / (384 * f ** 3)
  );
}

/**
 * The 95 % interval of a rate, as fractions: the score interval of Wilson (1927, JASA 22), which Newcombe (1998,
 * Statistics in Medicine 17) recommends for it keeps its coverage near 0 and 1. `trials` may be an effective, fractional
 * number where samples depend on each other. Without a trial nothing is known: 0 to 1.
 */
export function wilsonInterval(successes: number, trials: number): Interval {
  if (trials === 0) return { low: 0, high: 1 };
  const z2 = normal95 ** 2;
  const rate = successes / trials;
  const centre = rate + z2 / (2 * trials);
  const reach = normal95 * Math.sqrt((rate * (1 - rate)) / trials + z2 / (4 * trials ** 2));
  const scale = 1 + z2 / trials;
  return {
    low: successes === 0 ? 0 : (centre - reach) / scale,
    high: successes === trials ? 1 : (centre + reach) / scale,
  };
}

/** Clusters of samples that depend on each other, by column: how many samples each has, and how many of them are hits. */
export interface RateClusters {
  readonly hits: ArrayLike<number>;
  /** As long as `hits`; a cluster of size 0 is none. */
  readonly sizes: ArrayLike<number>;
}

/**
 * How many independent samples tell as much about a rate as these clusters do (Kish 1965, Survey Sampling; Korn and
 * Graubard 1998, Survey Methodology 24): the number of samples over the design effect. Never more than there are, nor
 * fewer than if all samples of a cluster were one, which is also taken where no cluster differs from another.
 */
export function effectiveSamples(clusters: RateClusters): number {
  const { count, size, hits, squares } = totals(clusters);
  if (size === 0) return 0;
  const rate = hits / size;
  const fewest = size ** 2 / squares;
  if (count < 2 || rate === 0 || rate === 1) return fewest;
  let deviations = 0;
  for (let at = 0; at < clusters.sizes.length; at += 1) {
    deviations += ((clusters.hits[at] ?? 0) - rate * (clusters.sizes[at] ?? 0)) ** 2;
  }
  const variance = ((count / (count - 1)) * deviations) / size ** 2;
  return Math.min(size, Math.max(fewest, (rate * (1 - rate)) / variance));
}

/** The 95 % interval of a rate over clusters, as fractions: Wilson's, with the effective number of samples. */
export function clusteredRateInterval(clusters: RateClusters): Interval {
  const { size, hits } = totals(clusters);
  const trials = effectiveSamples(clusters);
  return wilsonInterval(size === 0 ? 0 : (hits / size) * trials, trials);
}

function totals({ hits, sizes }: RateClusters) {
  const sum = { count: 0, size: 0, hits: 0, squares: 0 };
  for (let at = 0; at < sizes.length; at += 1) {
    const size = sizes[at] ?? 0;
    if (size === 0) continue;
    sum.count += 1;
    sum.size += size;
    sum.hits += hits[at] ?? 0;
    sum.squares += size ** 2;
  }
  return sum;
}
