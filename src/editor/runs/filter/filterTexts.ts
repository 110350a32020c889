import { matchWords, type PhaseFilter } from '../../../core/model/phaseFilter.ts';
import { counted, formatCount } from '../../../core/text/quantities.ts';
import { stateLabel } from '../stateLabels.ts';

/** How much of the database a view shows. */
export interface ShownRuns {
  readonly runs: number;
  readonly runsInAll: number;
  readonly phases: number;
}

/** The filter in words: `failed or queued, "auth", tests`. */
export function filterLabel(filter: PhaseFilter): string {
  const states = filter.states.map(stateLabel).join(' or ');
  return [states, ...matchWords(filter)].filter((words) => words !== '').join(', ');
}

/** `3 of 70 runs, 12 phases: failed, "auth"`; `0 of 70 runs: failed`. */
export function filterMessage(filter: PhaseFilter, { runs, runsInAll, phases }: ShownRuns): string {
  const left = `${formatCount(runs)} of ${counted(runsInAll, 'run')}`;
  return `${left}${runs === 0 ? '' : `, ${counted(phases, 'phase')}`}: ${filterLabel(filter)}`;
}
