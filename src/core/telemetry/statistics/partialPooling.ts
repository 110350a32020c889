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

/**
 * The common mean of groups and the variance between them by the method of moments (DerSimonian and Laird 1986,
 * Controlled Clinical Trials 7). `groups` is not empty.
 */
export function commonMean(groups: readonly GroupMean[]): CommonMean {
  const between = betweenVariance(groups);
  const { total, mean } = weighted(groups, between);
  return { mean, variance: 1 / total, between };
}

/**
 * The empirical Bayes estimate of a group (Efron and Morris 1975, JASA 70): its own mean and the one it is drawn
 * towards, each weighted by how well it is known. Few samples of its own or groups much alike: towards the common mean.
 */
export function shrink(group: GroupMean | null, prior: CommonMean): PooledMean {
  const spread = prior.between + prior.variance;
  if (group === null) return { mean: prior.mean, variance: spread, ownWeight: 0 };
  const ownWeight = spread / (spread + group.variance);
  return {
    mean: prior.mean + ownWeight * (group.mean - prior.mean),
    variance: ownWeight * group.variance,
    ownWeight,
  };
}

function betweenVariance(groups: readonly GroupMean[]): number {
  const { total, mean } = weighted(groups, 0);
  let [q, squares] = [0, 0];
  for (const group of groups) {
    q += (group.mean - mean) ** 2 / group.variance;
    squares += 1 / group.variance ** 2;
  }
  const scale = total - squares / total;
  return scale > 1e-12 * total ? Math.max(0, (q - (groups.length - 1)) / scale) : 0;
}

function weighted(groups: readonly GroupMean[], between: number): { total: number; mean: number } {
  let [total, sum] = [0, 0];
  for (const { mean, variance } of groups) {
    total += 1 / (variance + between);
    sum += mean / (variance + between);
  }
  return { total, mean: sum / total };
}
