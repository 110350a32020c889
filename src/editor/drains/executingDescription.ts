import type { LiveDrain } from '../../core/drain/drainProgress.ts';
import type { ExecutionActivity } from '../../core/model/executionHost.ts';
import { counted, formatCompact } from '../../core/text/quantities.ts';
import { formatDuration } from '../../core/text/times.ts';
import { costLabel } from '../../core/drain/spendTexts.ts';
import { wholeSeconds } from '../../core/drain/timeLeft.ts';
import { t } from '../../core/text/l10n.ts';

type PhaseInFlight = Pick<NonNullable<LiveDrain['inFlight']>, 'startedAt' | 'timeoutMs' | 'activity'>;

/**
 * `asking the model · 1.2K tokens · ~$0.0123 · 12 s of at most 15 min`; without anything known of it, `executing for 12 s, at
 * most 15 min`. `filesToApprove` is how many files wait for a person at this window, `null` for none; `now` is ms since the
 * epoch.
 */
export function executingDescription(
  { startedAt, timeoutMs, activity }: PhaseInFlight,
  filesToApprove: number | null,
  now: number,
): string {
  const [since, atMost] = [wholeSeconds(now - startedAt), formatDuration(timeoutMs)];
  if (activity === null) return t`executing for ${since}, at most ${atMost}`;
  const { outputTokens, cost } = activity;
  return [
    stepLabel(activity, filesToApprove, now),
    outputTokens === 0 ? null : t`${formatCompact(outputTokens)} tokens`,
    costLabel(null, cost ?? 0),
    t`${since} of at most ${atMost}`,
  ]
    .filter((part) => part !== null)
    .join(' · ');
}

function stepLabel({ step, until }: ExecutionActivity, filesToApprove: number | null, now: number): string {
  switch (step) {
    case 'asking':
      return t`asking the model`;
    case 'approving':
      return filesToApprove === null
        ? t`waiting for approval`
        : t`waiting for you: ${counted(filesToApprove, 'file')} to look at`;
    case 'writing':
      return t`writing files`;
    case 'verifying':
      return t`checking the files`;
    case 'waiting':
      return until === undefined || until <= now
        ? t`waiting to ask again`
        : t`asks again in ${wholeSeconds(until - now)}`;
  }
}
