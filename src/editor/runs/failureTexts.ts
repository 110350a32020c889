import type { FailureCluster, ReasonSource } from '../../core/failures/clusterFailures.ts';

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

/** Where a reason was found, in words. */
export const reasonSources: Readonly<Record<ReasonSource, string>> = {
  phase: 'the phase',
  'outcome-event': 'the events that Autopack recorded of the phase',
  run: 'the run of the phase; the phase itself gives no reason',
  'drain-session': 'the session of its drain',
  'error-report': "Autopack's error report",
};
