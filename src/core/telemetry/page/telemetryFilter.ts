import { t } from '../../text/l10n.ts';
import { formatCount } from '../../text/quantities.ts';
import { formatMinute } from '../../text/times.ts';
import {
  sampleQualities,
  suspicionBit,
  type SampleQuality,
  type Suspicion,
} from '../samples/sampleQuality.ts';
import type { TelemetrySamples } from '../samples/telemetrySamples.ts';
import { qualityName, reasonName } from './sampleWords.ts';

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

/**
 * The filter as a test of sample `at`. Every condition is looked at once for all samples, so that a test, of which there are
 * several for each, only looks up the outcome.
 */
export function sampleTest(samples: TelemetrySamples, filter: TelemetryFilter): (at: number) => boolean {
  const passed = new Uint8Array(samples.count).fill(1);
  keepNamed(passed, samples.model, samples.models, filter.models);
  keepNamed(passed, samples.category, samples.categories, filter.categories);
  keepNamed(passed, samples.complexity, samples.complexities, filter.complexities);
  keepNamed(passed, samples.quality, sampleQualities, filter.qualities);
  keepSuspectFor(passed, samples, filter.reasons);
  keepRun(passed, samples, filter.run.trim().toLowerCase());
  if (filter.from !== null || filter.until !== null)
    keepBetween(passed, samples.timestamp, filter.from ?? -Infinity, filter.until ?? Infinity);
  keepWithin(passed, samples.predicted, filter.predicted);
  keepWithin(passed, samples.actual, filter.actual);
  return (at) => passed[at] === 1;
}

function keepNamed(
  passed: Uint8Array,
  column: Uint8Array | Uint32Array,
  names: readonly string[],
  wanted: readonly string[],
): void {
  if (wanted.length === 0) return;
  const chosen = new Set(wanted);
  keepMarked(
    passed,
    column,
    Uint8Array.from(names, (name) => Number(chosen.has(name))),
  );
}

/** Other classes may have reasons against them too, but are not counted by them. */
function keepSuspectFor(
  passed: Uint8Array,
  { quality, suspicion }: TelemetrySamples,
  reasons: readonly Suspicion[],
): void {
  if (reasons.length === 0) return;
  const suspect = sampleQualities.indexOf('suspect');
  const bits = reasons.reduce((all, reason) => all | suspicionBit(reason), 0);
  for (let at = 0; at < passed.length; at += 1) {
    if (quality[at] !== suspect || ((suspicion[at] ?? 0) & bits) === 0) passed[at] = 0;
  }
}

function keepRun(passed: Uint8Array, { phase, phases }: TelemetrySamples, part: string): void {
  if (part === '') return;
  keepMarked(
    passed,
    phase,
    Uint8Array.from(phases, ({ runId }) => Number(runId.toLowerCase().includes(part))),
  );
}

function keepMarked(passed: Uint8Array, column: Uint8Array | Uint32Array, marks: Uint8Array): void {
  for (let at = 0; at < passed.length; at += 1) if (marks[column[at] ?? 0] !== 1) passed[at] = 0;
}

/** From the first to before the end; NaN is in no period. */
function keepBetween(passed: Uint8Array, column: Float64Array, first: number, end: number): void {
  for (let at = 0; at < passed.length; at += 1) {
    const value = column[at] ?? NaN;
    if (!(value >= first && value < end)) passed[at] = 0;
  }
}

function keepWithin(passed: Uint8Array, column: Float64Array, range: TokenRange | null): void {
  if (range === null) return;
  for (let at = 0; at < passed.length; at += 1) {
    const value = column[at] ?? NaN;
    if (!(value >= range.from && value <= range.to)) passed[at] = 0;
  }
}

/** One kind of condition of a filter, in words: `category`, `docs or tests`. */
export interface FilterCondition {
  readonly name: string;
  readonly words: string;
}

/** What a filter asks for, a line for each kind of condition; none where it leaves all samples. Times are in UTC, for what leaves this machine. */
export function describeFilter(
  filter: TelemetryFilter,
  periodWords: (filter: TelemetryFilter) => string = utcPeriod,
): readonly FilterCondition[] {
  const run = filter.run.trim();
  return [
    ...condition(t`run`, run === '' ? '' : t`its id contains "${run}"`),
    ...condition(t`model`, anyOf(filter.models)),
    ...condition(t`category`, anyOf(filter.categories)),
    ...condition(t`complexity`, anyOf(filter.complexities)),
    ...condition(t`quality`, anyOf(filter.qualities.map(qualityName))),
    ...condition(t`suspect for`, anyOf(filter.reasons.map(reasonName))),
    ...condition(t`time`, periodWords(filter)),
    ...condition(t`predicted`, tokens(filter.predicted)),
    ...condition(t`actual`, tokens(filter.actual)),
  ];
}

/** The same in one line for a person, with times in their time zone: `category: docs or tests; time: from 2025-12-24 00:00`. */
export function filterLine(filter: TelemetryFilter): string {
  return describeFilter(filter, (one) => period(one, formatMinute))
    .map(({ name, words }) => `${name}: ${words}`)
    .join('; ');
}

function condition(name: string, words: string): FilterCondition[] {
  return words === '' ? [] : [{ name, words }];
}

function anyOf(names: readonly string[]): string {
  return names.join(t` or `);
}

function period({ from, until }: TelemetryFilter, moment: (time: number) => string): string {
  return [
    ...(from === null ? [] : [t`from ${moment(from)}`]),
    ...(until === null ? [] : [t`before ${moment(until)}`]),
  ].join(', ');
}

function utcPeriod(filter: TelemetryFilter): string {
  const words = period(filter, momentText);
  return words === '' ? '' : `${words} (UTC)`;
}

/** A day where it is the beginning of one. */
function momentText(time: number): string {
  return new Date(time).toISOString().replace(/T00:00:00\.000Z$|\.000Z$|Z$/, '');
}

function tokens(range: TokenRange | null): string {
  if (range === null) return '';
  const { from, to } = range;
  if (to >= anyNumber) return t`at least ${formatCount(from)} tokens`;
  return from === 0
    ? t`at most ${formatCount(to)} tokens`
    : t`${formatCount(from)} to ${formatCount(to)} tokens`;
}
