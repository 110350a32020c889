import { finishKind } from '../../model/finishReason.ts';
import { normaliseCategory, normaliseComplexity } from '../../model/sampleKind.ts';
import type { TelemetrySamples } from '../samples/telemetrySamples.ts';
import type { LogSample } from './logSamples.ts';

/** Something that a log and the database tell differently of one call. */
export interface FieldConflict {
  readonly field: 'category' | 'actual' | 'success' | 'truncated';
  readonly log: string;
  readonly database: string;
}

/** How well a sample of the database fits a line of a log. */
export interface CallMatch {
  /** In ms; smaller fits better. 0 where a time is missing. */
  readonly distance: number;
  /** By how much the log's clock is ahead of the database's, in whole quarters of an hour; 0 where a time is missing. */
  readonly zone: number;
  /** Empty where all that the line tells agrees. */
  readonly conflicts: readonly FieldConflict[];
}

/**
 * Whether sample `at` of the database may be the call that a log line tells of, or `null`. Prediction, model, complexity and
 * number of deliverables must agree, and the moment; without a moment, so must all but the category.
 */
export function matchCall(samples: TelemetrySamples, at: number, line: LogSample): CallMatch | null {
  if (samples.predicted[at] !== line.predicted) return null;
  const model = samples.models[samples.model[at] ?? 0];
  if (line.model !== null && line.model !== model) return null;
  const complexity = samples.complexities[samples.complexity[at] ?? 0];
  if (line.complexity !== null && normaliseComplexity(line.complexity) !== complexity) return null;
  if (line.deliverableCount !== null && line.deliverableCount !== samples.deliverableCount[at]) return null;
  const time = samples.timestamp[at] ?? NaN;
  const timed = line.timestamp !== null && !Number.isNaN(time);
  const distance = timed ? momentDistance(line.timestamp, time) : 0;
  if (distance === null) return null;
  const conflicts = fieldConflicts(samples, at, line);
  if (!timed && conflicts.some(({ field }) => field !== 'category')) return null;
  // The first format tells so little that equal predictions at one moment prove nothing.
  if (line.format === 'v1' && conflicts.length > 0) return null;
  return { distance, zone: timed ? zoneOffset(line.timestamp, time) : 0, conflicts };
}

function fieldConflicts(samples: TelemetrySamples, at: number, line: LogSample): readonly FieldConflict[] {
  const category = line.category === null ? null : normaliseCategory(line.category);
  const pairs = [
    ['category', category, samples.categories[samples.category[at] ?? 0] ?? 'unknown'],
    ['actual', line.actual, samples.actual[at] ?? NaN],
    ['success', line.success, samples.success[at] === 1],
    ['truncated', truncatedByLine(samples, at, line), samples.truncated[at] === 1],
  ] as const;
  return pairs
    .filter(([, log, database]) => log !== null && log !== database)
    .map(([field, log, database]) => ({ field, log: String(log), database: String(database) }));
}

/** A flag that is not set says nothing against a stop reason or an output at the limit, which the database may know alone. */
function truncatedByLine(samples: TelemetrySamples, at: number, line: LogSample): boolean | null {
  if (line.truncated === null) return null;
  if (line.truncated || finishKind(line.stopReason) === 'cut-off') return true;
  const atLimit = line.actual >= (samples.limit[at] ?? NaN) || line.actual === line.selectedBudget;
  return atLimit ? null : false;
}

/** How far the clocks of two writers, and the moments at which they write of one call, may lie apart. In ms. */
const skew = 5000;
const quarterHour = 900_000;
/** Zones reach from 12 hours behind UTC to 14 hours before it; a log tells local time without its zone. */
const widestZones = 26 * 3_600_000;

/**
 * How far apart two times (ms since the epoch) are that may be of one call, told in any two time zones: 0 to 5,000 ms, a
 * little more in different zones, so that the same zone is preferred. `null` where they are not of one call.
 */
export function momentDistance(a: number, b: number): number | null {
  const apart = Math.abs(a - b);
  if (apart <= skew) return apart;
  const rest = apart % quarterHour;
  const distance = Math.min(rest, quarterHour - rest);
  return apart <= widestZones && distance <= skew ? skew + distance : null;
}

/** How many quarters of an hour the zone of the first time is ahead of that of the second, if both are of one call. */
function zoneOffset(a: number, b: number): number {
  return Math.round((a - b) / quarterHour);
}

/** Whether two times may be of one call; an unknown one may be any. */
export function maySameMoment(a: number | null, b: number | null): boolean {
  return a === null || b === null || momentDistance(a, b) !== null;
}

/** The earliest time from `from` on that may be of one call with `time`, infinite if there is none. In ms. */
export function nextSameMoment(time: number, from: number): number {
  const apart = from - time;
  if (apart < -widestZones) return time - widestZones;
  if (apart > widestZones) return Infinity;
  if (momentDistance(time, from) !== null) return from;
  return time + Math.ceil((apart - skew) / quarterHour) * quarterHour - skew;
}
