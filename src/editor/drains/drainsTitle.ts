import type { LiveDrain } from '../../core/drain/drainProgress.ts';

type Shown = Pick<LiveDrain, 'ended' | 'expected' | 'pause' | 'isCancelling'>;

/** What stands beside the title of the Drains view: how far one drain is, or how many there are; empty for none. */
export function drainsTitle(lives: readonly Shown[]): string {
  const [live, ...others] = lives;
  if (live === undefined) return '';
  if (others.length > 0) return `${lives.length} under way`;
  const stood = live.expected === 0 ? 'starting' : `${live.ended} of ${live.expected}`;
  if (live.isCancelling) return `${stood}, ending`;
  return live.pause === 'paused' ? `${stood}, paused` : stood;
}
