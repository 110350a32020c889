import { matchWords, type PhaseFilter } from '../../core/model/phaseFilter.ts';
import { phaseStates, type StateCounts } from '../../core/model/state.ts';
import type { KindCount, PhaseKinds } from '../../core/queries/stateCounts.ts';
import { contextual, t } from '../../core/text/l10n.ts';
import { counted, formatCount } from '../../core/text/quantities.ts';
import { stateLabel } from '../window/labels.ts';

/** A list of the filter. */
export type FilterList = 'states' | 'categories' | 'complexities';

/** A value that can be ticked. */
export interface FilterValue {
  readonly list: FilterList;
  readonly value: string;
  readonly label: string;
  readonly description: string;
  readonly isTicked: boolean;
}

/** What can be ticked, list by list. What the filter asks for is among it even where no phase is left that has it. */
export function filterValues(kinds: PhaseKinds, filter: PhaseFilter): readonly FilterValue[] {
  const inOrder = [...phaseStates, ...Object.keys(kinds.states).sort()];
  const states = [...new Set(inOrder)].flatMap((name) => {
    const phases = kinds.states[name] ?? 0;
    return phases === 0 ? [] : [{ name, phases }];
  });
  return [
    ...valuesOf('states', states, filter.states, stateLabel),
    ...valuesOf('categories', kinds.categories, filter.categories),
    ...valuesOf('complexities', kinds.complexities, filter.complexities),
  ];
}

/** The filter that the ticks and the text stand for; whoever ticks all `offered` values wants everything. */
export function filterFrom(
  ticked: readonly Pick<FilterValue, 'list' | 'value'>[],
  offered: number,
  text: string,
): PhaseFilter {
  const chosen = ticked.length === offered ? [] : ticked;
  const of = (wanted: FilterList): string[] =>
    chosen.filter(({ list }) => list === wanted).map(({ value }) => value);
  return {
    states: of('states'),
    text: text.trim(),
    categories: of('categories'),
    complexities: of('complexities'),
  };
}

function valuesOf(
  list: FilterList,
  there: readonly KindCount[],
  wanted: readonly string[],
  labelOf: (name: string) => string = (name) => name,
): FilterValue[] {
  const gone = wanted.filter((name) => !there.some((each) => each.name === name));
  return [...there, ...gone.map((name) => ({ name, phases: 0 }))].map(({ name, phases }) => ({
    list,
    value: name,
    label: labelOf(name),
    description: counted(phases, 'phase'),
    isTicked: wanted.includes(name),
  }));
}

/** How much of the database a view shows. */
export interface ShownRuns {
  readonly runs: number;
  readonly runsInAll: number;
  readonly phases: number;
  /** Those phases by state. */
  readonly states: StateCounts;
}

/** The filter in words: `failed or queued, "auth", tests`. */
export function filterLabel(filter: PhaseFilter): string {
  const states = filter.states.map(stateLabel).join(t` or `);
  return [states, ...matchWords(filter)].filter((words) => words !== '').join(', ');
}

/** `3 of 70 runs, 12 phases: failed, "auth"`; `0 of 70 runs: failed`. */
export function filterMessage(
  filter: PhaseFilter,
  { runs, runsInAll, phases }: Omit<ShownRuns, 'states'>,
): string {
  const left =
    runsInAll === 1
      ? contextual('filter')`${formatCount(runs)} of ${formatCount(runsInAll)} run`
      : contextual('filter')`${formatCount(runs)} of ${formatCount(runsInAll)} runs`;
  return `${left}${runs === 0 ? '' : `, ${counted(phases, 'phase')}`}: ${filterLabel(filter)}`;
}
