import { anyPhase, type PhaseFilter } from '../../core/model/phaseFilter.ts';
import type { MatchingRuns, RunSummary } from '../../core/model/run.ts';
import type { StateCounts } from '../../core/model/state.ts';
import { drainableStates } from '../../core/queries/candidates.ts';
import { contextual, t } from '../../core/text/l10n.ts';
import { counted, formatCount } from '../../core/text/quantities.ts';
import { filterLabel } from '../runs/filterItems.ts';
import { drainableCount, stateCountsLabel, stateLabel } from '../window/labels.ts';
import type { DrainSubject } from './drainSubject.ts';

/** What the view shows while it is filtered. */
export interface FilteredRuns extends MatchingRuns {
  readonly filter: PhaseFilter;
}

/** Something that can be drained, with its text. */
export interface DrainChoice {
  readonly label: string;
  readonly description: string;
  readonly subject: DrainSubject;
}

/** Everything a drain can be about, what is most likely meant first; the runs apart, for they may be many. */
export interface DrainChoices {
  readonly batches: readonly DrainChoice[];
  readonly runs: readonly DrainChoice[];
}

/**
 * The batches there are: of what the view's filter leaves, of one state (queued first), of everything; and each run with candidates.
 * Left out is what would be the same as another.
 */
export function drainChoices(
  runs: readonly RunSummary[],
  filtered: FilteredRuns | null,
  batchSize: number,
): DrainChoices {
  const everything = sizeOf(runs.map(({ phaseStates }) => phaseStates));
  const shown = sizeOf(filtered?.runs.map(({ matching }) => matching) ?? []);
  const states = drainableStates
    .map((state) => ({ state, ...sizeOf(runs.map(({ phaseStates }) => only(state, phaseStates))) }))
    .filter(({ phases }) => phases > 0);
  const waiting = runs.filter(({ phaseStates }) => drainableCount(phaseStates) > 0);
  return {
    batches: [
      ...(filtered === null || shown.phases === 0 || shown.phases === everything.phases
        ? []
        : [
            {
              label: `$(filter) ${t`What the view shows: ${filterLabel(filtered.filter)}`}`,
              description: sizeText(shown, batchSize),
              subject: { kind: 'matching', filter: filtered.filter } as const,
            },
          ]),
      // What is queued is meant to be executed; what failed may well fail again.
      ...(states.length < 2
        ? []
        : states.map(({ state, ...size }) => ({
            label: `$(layers) ${contextual('state')`${capitalised(stateLabel(state))} phases`}`,
            description: sizeText(size, batchSize),
            subject: { kind: 'matching', filter: { ...anyPhase, states: [state] } } as const,
          }))),
      {
        label: `$(layers) ${t`Any phase`}`,
        description: sizeText(everything, batchSize),
        subject: { kind: 'batch' },
      },
    ],
    runs: waiting.map(({ id, phaseStates }) => ({
      label: `$(play) ${id}`,
      description: stateCountsLabel(phaseStates),
      subject: { kind: 'run', runId: id },
    })),
  };
}

interface Size {
  readonly phases: number;
  readonly runs: number;
}

function sizeOf(counts: readonly StateCounts[]): Size {
  const sizes = counts.map(drainableCount).filter((count) => count > 0);
  return { phases: sizes.reduce((sum, count) => sum + count, 0), runs: sizes.length };
}

function only(state: string, counts: StateCounts): StateCounts {
  return { [state]: counts[state] ?? 0 };
}

/** `next 10 of 207, one per run first`. */
function sizeText({ phases, runs }: Size, batchSize: number): string {
  const size = phases > batchSize ? t`next ${batchSize} of ${formatCount(phases)}` : counted(phases, 'phase');
  return runs > 1 && phases > runs ? t`${size}, one per run first` : size;
}

function capitalised(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
