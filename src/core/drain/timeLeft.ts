import { workedMs, type DrainPause, type LiveDrain } from './drainProgress.ts';
import { tokensUsed } from './drainResult.ts';
import { eventsOf } from '../model/phaseObservation.ts';
import { t } from '../text/l10n.ts';
import { counted, formatCompact } from '../text/quantities.ts';
import { formatDuration } from '../text/times.ts';
import { costLabel, spendOfResults } from './spendTexts.ts';

/** From when on durations say anything about those to come. */
const fewest = 2;

/** Student's t for a two-sided 80 % interval, by degrees of freedom from 1 on; the last counts for more, too. */
const quantiles = [3.08, 1.89, 1.64, 1.53, 1.48, 1.44, 1.41, 1.4, 1.38, 1.37, 1.34, 1.31] as const;

/** What is known of a drain's pace; all in ms. */
export interface Pace {
  /** Of the phases that ended. */
  readonly durations: readonly number[];
  /** How many are to come, the one under way included. */
  readonly remaining: number;
  /** How long the one under way has been running. */
  readonly elapsed: number;
  /** No phase takes longer. */
  readonly timeout: number;
}

/** Between how many ms a drain will go on, in four of five cases; `null` while too little is known to say. */
export interface TimeLeft {
  readonly least: number;
  readonly most: number;
}

/**
 * A prediction interval for the sum of the durations to come, taken as drawn like those so far:
 * n·mean ± t·s·√(n + n²/k), with k known durations of standard deviation s.
 */
export function timeLeft({ durations, remaining, elapsed, timeout }: Pace): TimeLeft | null {
  const known = durations.length;
  if (known < fewest || remaining <= 0) return null;
  const mean = durations.reduce((sum, each) => sum + each, 0) / known;
  const variance = durations.reduce((sum, each) => sum + (each - mean) ** 2, 0) / (known - 1);
  const quantile = quantiles[Math.min(known - 1, quantiles.length) - 1] ?? quantiles[0];
  const spread = quantile * Math.sqrt(variance * (remaining + remaining ** 2 / known));
  const total = remaining * mean;
  // No phase to come is taken to be quicker than the quickest so far; the one under way may end at once.
  const least = Math.max(total - spread, (remaining - 1) * Math.min(...durations)) - elapsed;
  const most = Math.min(total + spread, remaining * timeout) - elapsed;
  return { least: Math.max(0, least), most: Math.max(0, least, most) };
}

/** `4–9 min left`, `30–45 s left`, `under 10 s left`: rounded as far as the interval makes sense. */
export function timeLeftLabel({ least, most }: TimeLeft): string {
  if (most < 10_000) return t`under 10 s left`;
  const [unitMs, unit] = most < 90_000 ? [1000, 's'] : most < 5_400_000 ? [60_000, 'min'] : [3_600_000, 'h'];
  const step = unit === 's' ? 5 : 1;
  const low = Math.floor(least / unitMs / step) * step;
  const high = Math.ceil(most / unitMs / step) * step;
  if (low === 0) return t`up to ${high} ${unit} left`;
  return low === high ? t`about ${high} ${unit} left` : t`${low}–${high} ${unit} left`;
}

const pauseLabels = (): Readonly<Record<DrainPause, string | null>> => ({
  none: null,
  pausing: t`pausing after this phase`,
  paused: t`paused`,
});

/** `3 of 10 · 42 s · 4–9 min left · 2 samples, 2.9/min · 12.2K tokens · ~$0.0123`; what is unknown or zero is left out. */
export function runningDescription(live: LiveDrain, now: number): string {
  const { results, ended, expected, inFlight, pause } = live;
  const elapsed = workedMs(live, now);
  const events = results.reduce((sum, result) => sum + eventsOf(result.yield), 0);
  // Those of the phase under way are the output so far.
  const atWork = inFlight?.activity?.outputTokens ?? 0;
  const tokens = results.reduce((sum, result) => sum + tokensUsed(result), atWork);
  const together = live.workers.filter(({ executes, isAlive }) => executes && isAlive).length;
  const left = timeLeft({
    durations: results.map(({ durationMs }) => durationMs),
    remaining: Math.ceil((expected - ended) / Math.max(1, together)),
    elapsed: inFlight === null ? 0 : now - inFlight.startedAt,
    timeout: inFlight?.timeoutMs ?? Infinity,
  });
  const perMinute = (events / elapsed) * 60_000;
  return [
    expected === 0 ? t`starting` : t`${ended} of ${expected}`,
    live.isCancelling ? null : pauseLabels()[pause],
    wholeSeconds(elapsed),
    left === null || live.isCancelling ? null : timeLeftLabel(left),
    events === 0 ? null : `${counted(events, 'sample')}, ${perMinute.toPrecision(2)}/min`,
    tokens === 0 ? null : t`${formatCompact(tokens)} tokens`,
    costLabel(spendOfResults(results), inFlight?.activity?.cost ?? 0),
  ]
    .filter((part) => part !== null)
    .join(' · ');
}

/** A duration (ms) as a clock that ticks shows it: without fractions. */
export function wholeSeconds(ms: number): string {
  return ms < 10_000 ? `${Math.max(0, Math.floor(ms / 1000))} s` : formatDuration(ms);
}
