import { formatCount } from '../../text/quantities.ts';
import { anyNumber } from './telemetryFilter.ts';
import type { TelemetryFilter, TokenRange } from './telemetryFilter.ts';

/** One kind of condition of a filter, in words: `category`, `docs or tests`. */
export interface FilterCondition {
  readonly name: string;
  readonly words: string;
}

/** What a filter asks for, a line for each kind of condition; none where it leaves all samples. Times are in UTC. */
export function describeFilter(filter: TelemetryFilter): readonly FilterCondition[] {
  const run = filter.run.trim();
  return [
    ...condition('run', run === '' ? '' : `its id contains "${run}"`),
    ...condition('model', anyOf(filter.models)),
    ...condition('category', anyOf(filter.categories)),
    ...condition('complexity', anyOf(filter.complexities)),
    ...condition('quality', anyOf(filter.qualities)),
    ...condition('suspect for', anyOf(filter.reasons)),
    ...condition('time', period(filter)),
    ...condition('predicted', tokens(filter.predicted)),
    ...condition('actual', tokens(filter.actual)),
  ];
}

/** The same in one line: `category: docs or tests; time: from 2025-12-24 (UTC)`. */
export function filterLine(filter: TelemetryFilter): string {
  return describeFilter(filter)
    .map(({ name, words }) => `${name}: ${words}`)
    .join('; ');
}

function condition(name: string, words: string): FilterCondition[] {
  return words === '' ? [] : [{ name, words }];
}

function anyOf(names: readonly string[]): string {
  return names.join(' or ');
}

function period({ from, until }: TelemetryFilter): string {
  const parts = [
    ...(from === null ? [] : [`from ${momentText(from)}`]),
    ...(until === null ? [] : [`before ${momentText(until)}`]),
  ];
  return parts.length === 0 ? '' : `${parts.join(', ')} (UTC)`;
}

/** A day where it is the beginning of one. */
function momentText(time: number): string {
  return new Date(time).toISOString().replace(/T00:00:00\.000Z$|\.000Z$|Z$/, '');
}

function tokens(range: TokenRange | null): string {
  if (range === null) return '';
  const { from, to } = range;
  if (to >= anyNumber) return `at least ${formatCount(from)} tokens`;
  return from === 0
    ? `at most ${formatCount(to)} tokens`
    : `${formatCount(from)} to ${formatCount(to)} tokens`;
}
