import { workedMs, type DrainPause, type LiveDrain } from '../../core/drain/drainProgress.ts';
import { tokensUsed } from '../../core/drain/drainResult.ts';
import { eventsOf } from '../../core/model/phaseObservation.ts';
import { counted, formatCompact } from '../../core/text/quantities.ts';
import { formatDuration } from '../text/times.ts';
import { timeLeft, timeLeftLabel } from './timeLeft.ts';

const pauseLabels: Readonly<Record<DrainPause, string | null>> = {
  none: null,
  pausing: 'pausing after this phase',
  paused: 'paused',
};

/** `3 of 10 · 42 s · 4–9 min left · 2 samples, 2.9/min · 12.2K tokens`; what is unknown or zero is left out. */
export function runningDescription(live: LiveDrain, now: number): string {
  const { results, ended, expected, inFlight, pause } = live;
  const elapsed = workedMs(live, now);
  const events = results.reduce((sum, result) => sum + eventsOf(result.yield), 0);
  const tokens = results.reduce((sum, result) => sum + tokensUsed(result), 0);
  const left = timeLeft({
    durations: results.map(({ durationMs }) => durationMs),
    remaining: expected - ended,
    elapsed: inFlight === null ? 0 : now - inFlight.startedAt,
    timeout: inFlight?.timeoutMs ?? Infinity,
  });
  const perMinute = (events / elapsed) * 60_000;
  return [
    expected === 0 ? 'starting' : `${ended} of ${expected}`,
    live.isCancelling ? null : pauseLabels[pause],
    wholeSeconds(elapsed),
    left === null || live.isCancelling ? null : timeLeftLabel(left),
    events === 0 ? null : `${counted(events, 'sample')}, ${perMinute.toPrecision(2)}/min`,
    tokens === 0 ? null : `${formatCompact(tokens)} tokens`,
  ]
    .filter((part) => part !== null)
    .join(' · ');
}

/** A duration (ms) as a clock that ticks shows it: without fractions. */
export function wholeSeconds(ms: number): string {
  return ms < 10_000 ? `${Math.max(0, Math.floor(ms / 1000))} s` : formatDuration(ms);
}
