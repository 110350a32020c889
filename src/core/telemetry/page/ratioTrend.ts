import { selectQuantiles } from '../analysis/errorFigures.ts';
import { gather, largestValues, negative } from '../samples/columns.ts';
import { sampleQualities } from '../samples/sampleQuality.ts';
import type { TelemetrySource } from './telemetrySource.ts';

/** actual / predicted of one sample, at its time in milliseconds since the epoch. */
export interface TimedRatio {
  readonly at: number;
  readonly ratio: number;
}

/** How actual / predicted moves over time, by clean samples alone. */
export interface RatioTrend {
  /** The samples by time; of many those furthest off, and an even selection. */
  readonly ratios: readonly TimedRatio[];
  /** How many samples there are. */
  readonly samples: number;
  /** The median of {@link window} neighbours in time, at the time of the middle one. */
  readonly medians: readonly TimedRatio[];
  readonly window: number;
}

const clean = sampleQualities.indexOf('clean');
const mostRatios = 800;
const mostMedians = 120;
/** A median of fewer is no figure. */
const leastWindow = 5;

/** The trend of the samples that `wanted` picks; `null` where fewer than {@link leastWindow} clean ones have a time. */
export function ratioTrend(
  { samples, byTime, ratios: { ratio } }: TelemetrySource,
  wanted: (at: number) => boolean,
): RatioTrend | null {
  const found = new Uint32Array(byTime.length);
  let count = 0;
  for (const at of byTime) if (samples.quality[at] === clean && wanted(at)) found[count++] = at;
  const timed = found.subarray(0, count);
  if (timed.length < leastWindow) return null;
  const ratios = gather(ratio, timed);
  const pair = (index: number): TimedRatio => ({
    at: samples.timestamp[timed[index] ?? 0] ?? 0,
    ratio: ratios[index] ?? NaN,
  });
  const window = windowOf(timed.length);
  const starts = evenIndices(timed.length - window + 1, mostMedians);
  return {
    ratios: drawnOf(ratios).map(pair),
    samples: timed.length,
    medians: starts.map((start) => ({
      at: pair(start + (window - 1) / 2).at,
      ratio: selectQuantiles(ratios.slice(start, start + window), [0.5])[0] ?? NaN,
    })),
    window,
  };
}

/** Indices of the ratios that are drawn: all, or with the largest and the smallest an even selection. */
function drawnOf(ratios: Float64Array): number[] {
  if (ratios.length <= mostRatios) return [...ratios.keys()];
  const kept = mostRatios / 20;
  const furthest = [...largestValues(ratios, kept), ...largestValues(negative(ratios), kept)];
  const even = evenIndices(ratios.length, mostRatios - furthest.length);
  return [...new Set([...furthest, ...even])].sort((a, b) => a - b);
}

/** An eighth of few samples; of many, as much as keeps neighbouring medians from sharing samples. Odd, so that one is in the middle. */
function windowOf(samples: number): number {
  const some = Math.max(leastWindow, Math.min(samples / 8, 25), samples / mostMedians);
  const odd = 2 * Math.floor(some / 2) + 1;
  return Math.min(odd, samples - 1 + (samples % 2));
}

/** Indices at equal distances, first and last among them. */
function evenIndices(length: number, most: number): number[] {
  const count = Math.min(length, most);
  return Array.from({ length: count }, (_, index) =>
    count === 1 ? 0 : Math.round((index * (length - 1)) / (count - 1)),
  );
}
