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
