import type { LiveDrain } from '../../core/drain/drainProgress.ts';
import { t } from '../../core/text/l10n.ts';
import { counted } from '../../core/text/quantities.ts';

/** What a drain's notification shows next: its message, and how far the bar moves on, in percent. */
export interface DrainNotice {
  readonly message: string;
  readonly increment: number;
}

/** Turns how a drain stands into what its notification shows. */
export class DrainProgressReporter {
  #percent = 0;

  /** The bar never moves back. */
  report(live: LiveDrain): DrainNotice {
    const percent = live.expected === 0 ? 0 : Math.min(100, (live.ended / live.expected) * 100);
    const increment = Math.max(0, percent - this.#percent);
    this.#percent += increment;
    return { message: messageOf(live), increment };
  }
}

function messageOf(live: LiveDrain): string {
  const { isCancelling, pause, inFlight, expected, ended, results, executor } = live;
  if (isCancelling) return t`ending the phase under way…`;
  const soFar = outcomes(live);
  if (pause === 'paused') return `${t`paused after ${ended} of ${counted(expected, 'phase')}`}${soFar}`;
  if (inFlight !== null) {
    const pausing = pause === 'pausing' ? t`; pausing after this phase` : '';
    return `${t`phase ${ended + 1} of ${expected}, ${inFlight.key.phaseId}`}${soFar}${pausing}`;
  }
  const last = results.at(-1);
  if (last !== undefined) return `${t`${last.phaseId} ended`}${soFar}`;
  return expected === 0 ? t`starting…` : t`${counted(expected, 'phase')} with the ${executor} executor`;
}

function outcomes({ results }: LiveDrain): string {
  const complete = results.filter(({ success }) => success).length;
  const failed = results.length - complete;
  const parts = [complete > 0 ? t`${complete} complete` : '', failed > 0 ? t`${failed} failed` : ''];
  const known = parts.filter((part) => part !== '');
  return known.length === 0 ? '' : ` (${known.join(', ')})`;
}
