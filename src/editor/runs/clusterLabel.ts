import type { FailureCluster } from '../../core/failures/clusterFailures.ts';

/** Characters of a reason that a row has room for. */
const longestLabel = 300;

/** Why the failures of a cluster failed, in the words of the newest, as one line. */
export function clusterLabel({ sample, maskedText }: Pick<FailureCluster, 'sample' | 'maskedText'>): string {
  const line = (sample ?? maskedText)
    .slice(0, longestLabel * 4)
    .replaceAll(/\s+/g, ' ')
    .trim();
  return line === '' ? 'No reason recorded' : line.slice(0, longestLabel);
}
