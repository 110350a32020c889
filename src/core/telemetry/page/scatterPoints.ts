import type { PhaseKey } from '../../model/phase.ts';
import { largestValues, negative } from '../samples/columns.ts';
import {
  sampleQualities,
  suspicionsOf,
  type SampleQuality,
  type Suspicion,
} from '../samples/sampleQuality.ts';
import type { TelemetrySamples } from '../samples/telemetrySamples.ts';
import type { SampleRatios } from './ratioCurves.ts';

/** How many samples lie where, on a grid with equal steps of the logarithm, the same on both axes. */
export interface SampleDensity {
  /** Output tokens at the lower left corner. */
  readonly min: number;
  /** By what factor a cell's upper edge is above its lower one. */
  readonly step: number;
  /** The cells that hold samples; the three lists belong together. */
  readonly columns: readonly number[];
  readonly rows: readonly number[];
  readonly counts: readonly number[];
}

/** Samples by density: the cells, and those samples that a cell's shade would hide. */
export interface DensitySplit {
  readonly density: SampleDensity;
  /** Indices of the samples in cells with few others. */
  readonly lonely: Uint32Array;
}

/** Cells on an axis: fine enough for the shape, coarse enough to be told apart. */
const cellsPerAxis = 56;
/** Up to this many samples in a cell are drawn one by one. */
const few = 3;

/** Counts samples (`chosen` are indices; both numbers positive; at least one) into cells by predicted and actual tokens. */
export function splitByDensity({ logPredicted, logActual }: SampleRatios, chosen: Uint32Array): DensitySplit {
  let [origin, end] = [Infinity, -Infinity];
  for (const at of chosen) {
    const x = logPredicted[at] ?? 0;
    const y = logActual[at] ?? 0;
    if (x < origin) origin = x;
    if (y < origin) origin = y;
    if (x > end) end = x;
    if (y > end) end = y;
  }
  const width = Math.max(end - origin, 1e-9) / cellsPerAxis;
  const part = (log: number): number => Math.min(cellsPerAxis - 1, Math.floor((log - origin) / width));
  const cells = new Uint16Array(chosen.length);
  const counts = new Uint32Array(cellsPerAxis ** 2);
  for (let index = 0; index < chosen.length; index += 1) {
    const at = chosen[index] ?? 0;
    const cell = part(logPredicted[at] ?? 0) * cellsPerAxis + part(logActual[at] ?? 0);
    cells[index] = cell;
    counts[cell] = (counts[cell] ?? 0) + 1;
  }
  const filled = Array.from(counts.keys()).filter((cell) => (counts[cell] ?? 0) > 0);
  return {
    density: {
      min: Math.exp(origin),
      step: Math.exp(width),
      columns: filled.map((cell) => Math.floor(cell / cellsPerAxis)),
      rows: filled.map((cell) => cell % cellsPerAxis),
      counts: filled.map((cell) => counts[cell] ?? 0),
    },
    lonely: chosen.filter((_, index) => (counts[cells[index] ?? 0] ?? 0) <= few),
  };
}

/** One sample as drawn: output tokens predicted and used, and what it belongs to. Both numbers are positive. */
export interface ScatterPoint extends PhaseKey {
  readonly predicted: number;
  readonly actual: number;
  /** Index into the view's categories. */
  readonly category: number;
  readonly complexity: string;
  readonly deliverableCount: number;
  readonly model: string;
  readonly success: boolean;
  readonly truncated: boolean;
  readonly quality: SampleQuality;
  /** What speaks against it; empty unless it is suspect. */
  readonly reasons: readonly Suspicion[];
  /** The output limit it was sent with, in tokens; `null` where not known. */
  readonly limit: number | null;
  /** Whether run and phase are in the database, so that the phase can be opened. */
  readonly known: boolean;
}

/** Sample `at` as a point. */
export function scatterPoint(
  samples: TelemetrySamples,
  at: number,
  categories: readonly string[],
): ScatterPoint {
  const phase = samples.phases[samples.phase[at] ?? 0];
  const limit = samples.limit[at] ?? NaN;
  const quality = sampleQualities[samples.quality[at] ?? 0] ?? 'suspect';
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
    quality,
    reasons: quality === 'suspect' ? suspicionsOf(samples.suspicion[at] ?? 0) : [],
    limit: limit > 0 ? limit : null,
  };
}

/** What part of the marks is kept for each kind of extremes. */
const keptShare = 0.1;

/**
 * Which samples are drawn as marks, at most `most`, by index: all of `drawable`, or of more those furthest off (predicted too
 * low, predicted too high, cut off furthest above their prediction) and an even selection of `others`. So no outlier
 * vanishes, however many samples there are.
 */
export function markedSamples(
  samples: TelemetrySamples,
  drawable: Uint32Array,
  most: number,
  others: Uint32Array = drawable,
): Uint32Array {
  if (drawable.length <= most) return drawable;
  const ratios = gather(samples, drawable);
  const kept = Math.floor(most * keptShare);
  const cut = drawable.filter((at) => samples.truncated[at] === 1);
  const marked = new Set([
    ...largestValues(ratios, kept).map((place) => drawable[place] ?? 0),
    ...largestValues(negative(ratios), kept).map((place) => drawable[place] ?? 0),
    ...largestValues(gather(samples, cut), kept).map((place) => cut[place] ?? 0),
  ]);
  const rest = others.filter((at) => !marked.has(at));
  for (const at of evenly(rest, most - marked.size)) marked.add(at);
  return Uint32Array.from(marked).sort();
}

/** actual / predicted of some samples. */
function gather({ actual, predicted }: TelemetrySamples, indices: Uint32Array): Float64Array {
  const ratios = new Float64Array(indices.length);
  for (let place = 0; place < indices.length; place += 1) {
    const at = indices[place] ?? 0;
    ratios[place] = (actual[at] ?? NaN) / (predicted[at] ?? NaN);
  }
  return ratios;
}

/** All of them, or `most` of them at equal distances, so that every part of the database is shown alike. */
function evenly(all: Uint32Array, most: number): Uint32Array {
  if (all.length <= most) return all;
  return Uint32Array.from({ length: most }, (_, index) => all[Math.floor((index * all.length) / most)] ?? 0);
}

/** An output limit in tokens, and how many of the samples were sent with it. */
export interface OutputLimit {
  readonly tokens: number;
  readonly samples: number;
}

/** More lines than this would hide what they stand for. */
const mostLimits = 3;
/** A rarer limit is no line for all, and stands with its samples only. */
const leastShare = 0.1;

/** The limits that many of the samples share, most common first; `chosen` are indices. */
export function commonLimits({ limit }: TelemetrySamples, chosen: Uint32Array): OutputLimit[] {
  const counts = new Map<number, number>();
  for (const at of chosen) {
    const tokens = limit[at] ?? NaN;
    if (tokens > 0) counts.set(tokens, (counts.get(tokens) ?? 0) + 1);
  }
  return Array.from(counts, ([tokens, samples]) => ({ tokens, samples }))
    .filter(({ samples }) => samples >= chosen.length * leastShare)
    .sort((a, b) => b.samples - a.samples || a.tokens - b.tokens)
    .slice(0, mostLimits);
}
