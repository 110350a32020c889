import type { FailureCluster, ReasonSource } from '../../core/failures/clusterFailures.ts';
import { t } from '../../core/text/l10n.ts';

/** Characters of a reason that a row has room for. */
const longestLabel = 300;

/** Why the failures of a cluster failed, in the words of the newest, as one line. */
export function clusterLabel({ sample, maskedText }: Pick<FailureCluster, 'sample' | 'maskedText'>): string {
  const line = (sample ?? maskedText)
    .slice(0, longestLabel * 4)
    .replaceAll(/\s+/g, ' ')
    .trim();
  return line === '' ? t`No reason recorded` : line.slice(0, longestLabel);
}

/** Where a reason was found, in words. */
export const reasonSources = (): Readonly<Record<ReasonSource, string>> => ({
  phase: t`the phase`,
  'outcome-event': t`the events that Autopack recorded of the phase`,
  run: t`the run of the phase; the phase itself gives no reason`,
  'drain-session': t`the session of its drain`,
  'error-report': t`Autopack's error report`,
});
