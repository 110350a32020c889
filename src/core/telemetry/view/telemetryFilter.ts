import { sampleQualities } from '../sampleQuality.ts';
import type { SampleQuality } from '../sampleQuality.ts';
import { suspicionBit } from '../suspicion.ts';
import type { Suspicion } from '../suspicion.ts';
import type { TelemetrySamples } from '../telemetrySamples.ts';

/** Beyond any number of output tokens: the end of a range that has none. */
export const anyNumber = 1e9;

/** From one number of output tokens to another, both included. */
export interface TokenRange {
  readonly from: number;
  readonly to: number;
}

/** Which samples to look at. Conditions of different kinds must all hold; within a list any name will do, and an empty list restricts nothing. */
export interface TelemetryFilter {
  /** Part of a run's id, whatever its case; empty for all runs. */
  readonly run: string;
  readonly models: readonly string[];
  /** Normalised names. */
  readonly categories: readonly string[];
  readonly complexities: readonly string[];
  readonly qualities: readonly SampleQuality[];
  /** Suspect samples for any of these reasons. */
  readonly reasons: readonly Suspicion[];
  /** Milliseconds since the epoch, included. A sample without a time is in no period. */
  readonly from: number | null;
  /** Milliseconds since the epoch, not included. */
  readonly until: number | null;
  readonly predicted: TokenRange | null;
  readonly actual: TokenRange | null;
}

/** Looks at all samples. */
export const noFilter: TelemetryFilter = {
  run: '',
  models: [],
  categories: [],
  complexities: [],
  qualities: [],
  reasons: [],
  from: null,
  until: null,
  predicted: null,
  actual: null,
};

/** How many kinds of conditions a filter has. */
export function conditionsOf(filter: TelemetryFilter): number {
  const lists = [filter.models, filter.categories, filter.complexities, filter.qualities, filter.reasons];
  return [
    filter.run.trim() !== '',
    ...lists.map(({ length }) => length > 0),
    filter.from !== null || filter.until !== null,
    filter.predicted !== null || filter.actual !== null,
  ].filter(Boolean).length;
}

/** The filter as a test of sample `at`. Names are looked up once, so that a test compares only numbers. */
export function sampleTest(samples: TelemetrySamples, filter: TelemetryFilter): (at: number) => boolean {
  const tests = [
    ...named(samples.model, samples.models, filter.models),
    ...named(samples.category, samples.categories, filter.categories),
    ...named(samples.complexity, samples.complexities, filter.complexities),
    ...named(samples.quality, sampleQualities, filter.qualities),
    ...suspectFor(samples, filter.reasons),
    ...ofRun(samples, filter.run.trim().toLowerCase()),
    ...inPeriod(samples.timestamp, filter),
    ...within(samples.predicted, filter.predicted),
    ...within(samples.actual, filter.actual),
  ];
  return (at) => tests.every((test) => test(at));
}

type Test = (at: number) => boolean;

function named(
  column: Uint8Array | Uint32Array,
  names: readonly string[],
  wanted: readonly string[],
): Test[] {
  if (wanted.length === 0) return [];
  const chosen = new Set(wanted);
  return [
    marked(
      column,
      Uint8Array.from(names, (name) => Number(chosen.has(name))),
    ),
  ];
}

/** Other classes may have reasons against them too, but are not counted by them. */
function suspectFor({ quality, suspicion }: TelemetrySamples, reasons: readonly Suspicion[]): Test[] {
  if (reasons.length === 0) return [];
  const suspect = sampleQualities.indexOf('suspect');
  const bits = reasons.reduce((all, reason) => all | suspicionBit(reason), 0);
  return [(at) => quality[at] === suspect && ((suspicion[at] ?? 0) & bits) !== 0];
}

function ofRun({ phase, phases }: TelemetrySamples, part: string): Test[] {
  if (part === '') return [];
  return [
    marked(
      phase,
      Uint8Array.from(phases, ({ runId }) => Number(runId.toLowerCase().includes(part))),
    ),
  ];
}

function marked(column: Uint8Array | Uint32Array, marks: Uint8Array): Test {
  return (at) => marks[column[at] ?? 0] === 1;
}

function inPeriod(timestamp: Float64Array, { from, until }: TelemetryFilter): Test[] {
  if (from === null && until === null) return [];
  const [first, end] = [from ?? -Infinity, until ?? Infinity];
  return [(at) => (timestamp[at] ?? NaN) >= first && (timestamp[at] ?? NaN) < end];
}

function within(column: Float64Array, range: TokenRange | null): Test[] {
  if (range === null) return [];
  const { from, to } = range;
  return [(at) => (column[at] ?? NaN) >= from && (column[at] ?? NaN) <= to];
}
