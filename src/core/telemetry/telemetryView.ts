import type { PhaseKey } from '../model/phase.ts';
import { analyseTelemetry, isAnalysed } from './analyseTelemetry.ts';
import { NumberColumn } from './numberColumn.ts';
import { compareText } from './sampleKind.ts';
import { sampleQualities } from './sampleQuality.ts';
import type { SampleQuality } from './sampleQuality.ts';
import type { TelemetryAnalysis, TelemetryOptions } from './telemetryAnalysis.ts';
import type { TelemetrySamples } from './telemetrySamples.ts';

/** One sample as drawn: output tokens predicted and used, and what it belongs to. Both numbers are positive. */
export interface ScatterPoint extends PhaseKey {
  readonly predicted: number;
  readonly actual: number;
  /** Index into {@link TelemetryView.categories}. */
  readonly category: number;
  readonly complexity: string;
  readonly deliverableCount: number;
  readonly model: string;
  readonly success: boolean;
  readonly truncated: boolean;
  readonly quality: SampleQuality;
  /** Whether run and phase are in the database, so that the phase can be opened. */
  readonly known: boolean;
}

/** What the telemetry page shows: the figures, and enough points to see their shape. */
export interface TelemetryView {
  readonly analysis: TelemetryAnalysis;
  /** Normalised names, sorted. */
  readonly categories: readonly string[];
  /** The analysed samples with positive numbers, or an even selection of them where there are too many to draw. */
  readonly points: readonly ScatterPoint[];
  /** How many samples could have been drawn. */
  readonly drawable: number;
}

/** The most points a view holds: beyond it they cover each other, and drawing and posting them take long. */
export const maxPoints = 5000;

/** The analysis with its points. The same samples and options always give the same points. */
export function viewTelemetry(
  samples: TelemetrySamples,
  options: TelemetryOptions,
  limit = maxPoints,
): TelemetryView {
  const drawable = drawableSamples(samples, options);
  const categories = [...samples.categories].sort(compareText);
  const chosen = evenly(drawable, limit);
  return {
    analysis: analyseTelemetry(samples, options),
    categories,
    points: Array.from(chosen, (at) => point(samples, at, categories)),
    drawable: drawable.length,
  };
}

function drawableSamples(samples: TelemetrySamples, options: TelemetryOptions): Uint32Array {
  const chosen = new NumberColumn((length) => new Uint32Array(length));
  for (let at = 0; at < samples.count; at += 1) {
    const positive = (samples.predicted[at] ?? 0) > 0 && (samples.actual[at] ?? 0) > 0;
    if (positive && isAnalysed(samples, at, options)) chosen.push(at);
  }
  return chosen.view();
}

/** All of them, or `limit` of them at equal distances, so that every part of the database is shown alike. */
function evenly(all: Uint32Array, limit: number): Uint32Array {
  if (all.length <= limit) return all;
  return Uint32Array.from(
    { length: limit },
    (_, index) => all[Math.floor((index * all.length) / limit)] ?? 0,
  );
}

function point(samples: TelemetrySamples, at: number, categories: readonly string[]): ScatterPoint {
  const phase = samples.phases[samples.phase[at] ?? 0];
  return {
    runId: phase?.runId ?? '',
    phaseId: phase?.phaseId ?? '',
    known: phase?.known ?? false,
    predicted: samples.predicted[at] ?? 0,
    actual: samples.actual[at] ?? 0,
    category: categories.indexOf(samples.categories[samples.category[at] ?? 0] ?? ''),
    complexity: samples.complexities[samples.complexity[at] ?? 0] ?? '',
    deliverableCount: samples.deliverableCount[at] ?? 0,
    model: samples.models[samples.model[at] ?? 0] ?? '',
    success: samples.success[at] === 1,
    truncated: samples.truncated[at] === 1,
    quality: sampleQualities[samples.quality[at] ?? 0] ?? 'suspect',
  };
}
