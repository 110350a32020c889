import { analyseTelemetry, isAnalysed } from '../analysis/analyseTelemetry.ts';
import type { TelemetryAnalysis, TelemetryOptions } from '../analysis/telemetryAnalysis.ts';
import type { TelemetrySamples } from '../samples/telemetrySamples.ts';
import { compareSamples, type SampleComparison } from './compareSamples.ts';
import { ratioCurves, type RatioCurves } from './ratioCurves.ts';
import { ratioTrend, type RatioTrend } from './ratioTrend.ts';
import {
  commonLimits,
  splitByDensity,
  markedSamples,
  scatterPoint,
  type OutputLimit,
  type SampleDensity,
  type ScatterPoint,
} from './scatterPoints.ts';
import type { TelemetryFacets } from './telemetryFacets.ts';
import { conditionsOf, sampleTest, type TelemetryFilter } from './telemetryFilter.ts';
import type { GateIntervals, TelemetrySource } from './telemetrySource.ts';
import { sampleQualities } from '../samples/sampleQuality.ts';
import { describeSample, type SuspectSample } from '../samples/suspects.ts';

/** What to view, and how. */
export interface TelemetryViewQuestion {
  readonly options: TelemetryOptions;
  readonly filter: TelemetryFilter;
  /** A sample that was kept, to hold this one against. */
  readonly compared?: TelemetryFilter | null;
}

/** What the telemetry page shows: the figures, and enough points to see their shape. */
export interface TelemetryView {
  readonly filter: TelemetryFilter;
  /** The figures of the whole database: a filter opens no gate. */
  readonly analysis: TelemetryAnalysis;
  /** How sure the rates of its gates are. */
  readonly intervals: GateIntervals;
  /** The figures of the samples that the filter leaves; the same where it leaves all. */
  readonly selected: TelemetryAnalysis;
  readonly facets: TelemetryFacets;
  /** The normalised names of all categories, sorted: what the colours of points stand for. */
  readonly categories: readonly string[];
  /**
   * The selected samples with positive numbers; where they are too many to draw, those furthest off, and some of those that
   * lie apart from the others.
   */
  readonly points: readonly ScatterPoint[];
  /** The first of the selected samples that are suspect, at most `mostSuspects`. */
  readonly suspects: readonly SuspectRow[];
  /** How many samples could have been drawn. */
  readonly drawable: number;
  /** Where all drawable samples lie; `null` where `points` holds them all. */
  readonly density: SampleDensity | null;
  readonly limits: readonly OutputLimit[];
  /** `null` without a clean sample. */
  readonly ratios: RatioCurves | null;
  /** `null` without enough clean samples with a known time. */
  readonly trend: RatioTrend | null;
  /** Against the sample that was kept; `null` where none was. */
  readonly comparison: SampleComparison | null;
}

/** The most points a view holds: beyond it they cover each other, and drawing and posting them take long. */
const maxPoints = 3000;

/** The figures with their points. The same samples and question always give the same view. */
export function viewTelemetry(
  source: TelemetrySource,
  { options, filter, compared = null }: TelemetryViewQuestion,
  limit = maxPoints,
): TelemetryView {
  const { samples, facets } = source;
  const { analysis, intervals } = source.whole(options);
  const passes = sampleTest(samples, filter);
  const isShown = (at: number): boolean => isAnalysed(samples, at, options) && passes(at);
  const drawable = drawableSamples(samples, isShown);
  const split = drawable.length > limit ? splitByDensity(source.ratios, drawable) : null;
  const categories = facets.categories.map(({ name }) => name);
  return {
    filter,
    analysis,
    intervals,
    selected: conditionsOf(filter) === 0 ? analysis : analyseTelemetry(samples, options, passes),
    facets,
    categories,
    points: Array.from(markedSamples(samples, drawable, limit, split?.lonely), (at) =>
      scatterPoint(samples, at, categories),
    ),
    suspects: suspectRows(samples, passes),
    drawable: drawable.length,
    density: split?.density ?? null,
    limits: commonLimits(samples, drawable),
    ratios: ratioCurves(source.ratios, passes),
    trend: ratioTrend(source, passes),
    comparison: compared === null ? null : compareSamples(samples, compared, filter),
  };
}

function drawableSamples(samples: TelemetrySamples, isShown: (at: number) => boolean): Uint32Array {
  const chosen = new Uint32Array(samples.count);
  let count = 0;
  for (let at = 0; at < samples.count; at += 1) {
    const positive = (samples.predicted[at] ?? 0) > 0 && (samples.actual[at] ?? 0) > 0;
    if (positive && isShown(at)) chosen[count++] = at;
  }
  return chosen.subarray(0, count);
}

/** A suspect sample, and whether its phase can be opened. */
export interface SuspectRow extends SuspectSample {
  /** Whether run and phase are in the database. */
  readonly known: boolean;
}

/** The most suspect samples a view lists: more are for an export. */
const mostSuspects = 500;

const suspect = sampleQualities.indexOf('suspect');

/** The first suspect samples that `wanted` picks, in the order of their source. */
function suspectRows(
  samples: TelemetrySamples,
  wanted: (at: number) => boolean,
  most = mostSuspects,
): readonly SuspectRow[] {
  const rows: SuspectRow[] = [];
  for (let at = 0; at < samples.count && rows.length < most; at += 1) {
    if (samples.quality[at] !== suspect || !wanted(at)) continue;
    const known = samples.phases[samples.phase[at] ?? 0]?.known ?? false;
    rows.push({ ...describeSample(samples, at), known });
  }
  return rows;
}
