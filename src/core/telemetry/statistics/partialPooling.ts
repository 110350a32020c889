import { errorFunction } from 'simple-statistics';

/** What is known of one group by itself: its mean and the variance of that mean. */
export interface GroupMean {
  readonly mean: number;
  /** Above 0. */
  readonly variance: number;
}

/** What all groups together say. */
export interface CommonMean {
  readonly mean: number;
  readonly variance: number;
  /** Variance between the true means of the groups, beyond what chance explains; 0 or more. */
  readonly between: number;
}

/** A group after looking at the others. */
export interface PooledMean extends GroupMean {
  /** 0: nothing of its own deviation was kept; 1: all of it. */
  readonly ownWeight: number;
}

/** The mean of groups that differ by `between` beyond chance; best weighted by how well each is known. Not of no group. */
export function commonMean(groups: readonly GroupMean[], between: number): CommonMean {
  const { total, mean } = weighted(groups, between);
  return { mean, variance: 1 / total, between };
}

/**
 * The variance between the true means of groups, by the method of moments (DerSimonian and Laird 1986, Controlled
 * Clinical Trials 7). Several families of groups that are thought to spread alike, each around its own mean, are taken
 * together; a family of one says nothing. 0 where chance explains all.
 */
export function betweenVariance(families: readonly (readonly GroupMean[])[]): number {
  let [excess, scale] = [0, 0];
  for (const groups of families) {
    if (groups.length < 2) continue;
    const { total, mean } = weighted(groups, 0);
    let squares = 0;
    for (const group of groups) {
      excess += (group.mean - mean) ** 2 / group.variance;
      squares += 1 / group.variance ** 2;
    }
    excess -= groups.length - 1;
    scale += total - squares / total;
  }
  return scale > 0 ? Math.max(0, excess / scale) : 0;
}

/**
 * The empirical Bayes estimate of a group (Efron and Morris 1975, JASA 70; best linear unbiased prediction): its own
 * mean and the common one, weighted by the variance between groups and that of the group itself. Few samples of its own
 * or groups much alike: towards the common mean.
 */
export function shrink(group: GroupMean, prior: CommonMean): PooledMean {
  const ownWeight = prior.between / (prior.between + group.variance);
  return {
    mean: prior.mean + ownWeight * (group.mean - prior.mean),
    variance: ownWeight * group.variance + (1 - ownWeight) ** 2 * prior.variance,
    ownWeight,
  };
}

function weighted(groups: readonly GroupMean[], between: number): { total: number; mean: number } {
  let [total, sum] = [0, 0];
  for (const { mean, variance } of groups) {
    total += 1 / (variance + between);
    sum += mean / (variance + between);
  }
  return { total, mean: sum / total };
}

/** A value of a group; a censored one is only known to be at least so large. */
export interface GroupValue {
  readonly group: number;
  readonly value: number;
  readonly censored: boolean;
}

/** Values that agree to the last digit are still no proof of certainty: the least standard deviation within a group. */
const leastDeviation = 0.02;
/** Next to nothing is known of the spread: for logarithms, a factor of 1.65 either way. */
const unknownVariance = 0.25;
const rounds = 40;
const settled = 1e-6;

/** What the known values of a group come to, and its censored ones. */
interface Tally {
  count: number;
  sum: number;
  squares: number;
  readonly bounds: number[];
}

/**
 * Mean and variance of that mean for each group of normal values with one spread, by number; `null` for a group without a
 * value. Censored values count by what the others make likely (Tobin 1958, Econometrica 26; the EM algorithm of Dempster,
 * Laird and Rubin 1977, JRSS B 39), and carry the information that they have, which is less than a known value's.
 * Without censored ones these are the plain means. From few degrees of freedom the spread is uncertain itself: it is
 * widened to that of Student's t, so that normal intervals are about as wide as t's.
 */
export function censoredMeans(groups: number, values: readonly GroupValue[]): readonly (GroupMean | null)[] {
  const tallies = Array.from({ length: groups }, (): Tally => ({ count: 0, sum: 0, squares: 0, bounds: [] }));
  for (const { group, value, censored } of values) {
    const tally = tallies[group];
    if (tally === undefined) continue;
    if (censored) {
      tally.bounds.push(value);
    } else {
      tally.count += 1;
      tally.sum += value;
      tally.squares += value ** 2;
    }
  }
  const several = tallies.filter(({ count, bounds }) => count > 0 && count + bounds.length > 1);
  const freedom = several.reduce((sum, { count }) => sum + count - 1, 0);
  const means = tallies.map(startingMean);
  let variance = spread(tallies, means, freedom, unknownVariance);
  const hasBounds = tallies.some(({ bounds }) => bounds.length > 0);
  for (let round = 0; hasBounds && round < rounds; round += 1) {
    const deviation = Math.sqrt(variance);
    let moved = 0;
    for (const [group, { count, sum, bounds }] of tallies.entries()) {
      if (bounds.length === 0) continue;
      const mean = means[group] ?? 0;
      const expected = bounds.reduce((total, bound) => total + beyond(bound, mean, deviation).mean, sum);
      const next = expected / (count + bounds.length);
      moved = Math.max(moved, Math.abs(next - mean));
      means[group] = next;
    }
    const next = spread(tallies, means, freedom, variance);
    moved = Math.max(moved, Math.abs(next - variance));
    variance = next;
    if (moved < settled) break;
  }
  const within = freedom <= 2 ? unknownVariance : variance * (freedom / (freedom - 2));
  const deviation = Math.sqrt(variance);
  return tallies.map(({ count, bounds }, group) => {
    const mean = means[group] ?? NaN;
    if (count + bounds.length === 0) return null;
    const information = bounds.reduce(
      (sum, bound) => sum + beyond(bound, mean, deviation).information,
      count,
    );
    return { mean, variance: within / Math.max(information, 0.1) };
  });
}

function startingMean({ count, sum, bounds }: Tally): number {
  return bounds.reduce((total, bound) => total + bound, sum) / (count + bounds.length);
}

/** The variance within groups of more than one value, censored ones by their expectation. */
function spread(
  tallies: readonly Tally[],
  means: readonly number[],
  freedom: number,
  before: number,
): number {
  if (freedom < 1) return unknownVariance;
  const deviation = Math.sqrt(before);
  let [squares, values] = [0, 0];
  let groups = 0;
  for (const [group, { count, sum, squares: own, bounds }] of tallies.entries()) {
    if (count === 0 || count + bounds.length < 2) continue;
    const mean = means[group] ?? 0;
    squares += own - 2 * mean * sum + count * mean ** 2;
    for (const bound of bounds) {
      const { mean: expected, variance } = beyond(bound, mean, deviation);
      squares += (expected - mean) ** 2 + variance;
    }
    values += count + bounds.length;
    groups += 1;
  }
  return Math.max(squares / Math.max(1, values - groups), leastDeviation ** 2);
}

/** A normal value beyond a bound: its mean and variance, and what its bound tells of the mean, as a share of a known value. */
function beyond(bound: number, mean: number, deviation: number) {
  const from = (bound - mean) / deviation;
  const ratio = inverseMills(from);
  return {
    mean: mean + deviation * ratio,
    variance: deviation ** 2 * Math.max(0, 1 + from * ratio - ratio ** 2),
    information: Math.max(0, ratio * (ratio - from)),
  };
}

/** The density of the standard normal distribution at `z` over the share that lies above. */
function inverseMills(z: number): number {
  // Beyond 4 the share above is too small for the error function's seven digits.
  if (z > 4) return z + 1 / (z + 2 / (z + 3 / (z + 4 / z)));
  const above = (1 - errorFunction(z / Math.SQRT2)) / 2;
  return Math.exp(-(z ** 2) / 2) / Math.sqrt(2 * Math.PI) / above;
}
