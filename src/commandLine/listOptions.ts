import type { Command } from 'commander';
import { isFiltering, type PhaseFilter } from '../core/model/phaseFilter.ts';
import { phaseStates, type State, type StateCounts } from '../core/model/state.ts';
import { counted, formatCount } from '../core/text/quantities.ts';
import { formatMinute } from '../core/text/times.ts';
import { collect, positiveInteger, wholeNumber } from './arguments.ts';
import { plainText, type OutputBlock, type OutputColumn, type OutputText } from './output.ts';
import { stateStyle } from './terminalColors.ts';

/** Which phases a list is about, as in the filter of the Runs view. */
export interface PhaseFilterOptions {
  readonly state?: readonly string[];
  readonly match?: string;
  readonly category?: readonly string[];
  readonly complexity?: readonly string[];
}

/** Which part of a list is shown. */
export interface PageOptions {
  readonly limit: number;
  readonly offset: number;
}

/** Adds the filter of the Runs view. */
export function addPhaseFilter(command: Command): Command {
  return command
    .option('--state <state>', 'only phases in this state, such as FAILED; can be given again', collect)
    .option('--match <text>', 'only phases whose id, name or run id holds this text')
    .option('--category <name>', 'only phases of this category; can be given again', collect)
    .option('--complexity <name>', 'only phases of this complexity; can be given again', collect);
}

/** The filter that was given; what is absent asks for nothing. */
export function phaseFilterOf(options: PhaseFilterOptions): PhaseFilter {
  const { state = [], match = '', category = [], complexity = [] } = options;
  return { states: state, text: match, categories: category, complexities: complexity };
}

/** Adds `--limit` and `--offset`. */
export function addPageOptions(command: Command, limit: number): Command {
  return command
    .option('--limit <n>', 'show at most this many', positiveInteger, limit)
    .option('--offset <n>', 'leave out this many before', wholeNumber, 0);
}

/** The part of a list that `--limit` and `--offset` select. */
export function shownOf<T>(list: readonly T[], { limit, offset }: PageOptions): readonly T[] {
  return list.slice(offset, offset + limit);
}

/** `3 of 12 runs match; 1 to 2 shown. More: --offset 2`: what of a list is shown, and how to see the rest. */
export function pageText(
  noun: string,
  { found, all, filter }: { readonly found: number; readonly all: number; readonly filter: PhaseFilter },
  { limit, offset }: PageOptions,
): string {
  const what = isFiltering(filter)
    ? `${formatCount(found)} of ${counted(all, noun)} ${found === 1 ? 'matches' : 'match'}`
    : counted(found, noun);
  const last = Math.min(found, offset + limit);
  if (offset === 0 && last === found) return `${what}.`;
  const shown =
    offset >= found ? 'none that far' : `${formatCount(offset + 1)} to ${formatCount(last)} shown`;
  return `${what}; ${shown}.${last < found ? ` More: --offset ${last}` : ''}`;
}

/** A state in its color. */
export function stateText(state: State): OutputText {
  const style = stateStyle(state);
  return style === undefined ? state : { text: state, style };
}

/** `2 FAILED, 8 COMPLETE`: every state there is, in the order in which a phase passes through them. */
export function stateCountsText(counts: StateCounts): string {
  const known: readonly State[] = phaseStates;
  const unknown = Object.keys(counts).filter((state) => !known.includes(state));
  const parts = [...known, ...unknown.sort()].flatMap((state) => {
    const count = counts[state] ?? 0;
    return count === 0 ? [] : [`${formatCount(count)} ${state}`];
  });
  return parts.length === 0 ? 'none' : parts.join(', ');
}

/** A time as people read it, in their own time zone; empty where it is not known. */
export function timeText(ms: number | null): string {
  return ms === null ? '' : formatMinute(ms);
}

/** A time as programs read it. */
export function isoTime(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}

type TimeName = 'createdAt' | 'updatedAt' | 'startedAt' | 'completedAt';

/** The times of a run or a phase as programs read them. */
export function isoTimes({
  createdAt,
  updatedAt,
  startedAt,
  completedAt,
}: Readonly<Record<TimeName, number | null>>): Readonly<Record<TimeName, string | null>> {
  return {
    createdAt: isoTime(createdAt),
    updatedAt: isoTime(updatedAt),
    startedAt: isoTime(startedAt),
    completedAt: isoTime(completedAt),
  };
}

/** A table without the columns that say nothing: where every cell is empty or zero. */
export function tableOf(
  columns: readonly OutputColumn[],
  rows: readonly (readonly OutputText[])[],
): OutputBlock {
  const says = columns.map((_, column) =>
    rows.some((row) => !['', '0'].includes(plainText(row[column] ?? ''))),
  );
  return {
    kind: 'table',
    columns: columns.filter((_, column) => says[column]),
    rows: rows.map((row) => row.filter((_, column) => says[column])),
  };
}
