import type { PhaseKey } from '../../core/model/phase.ts';
import type { DrainRequest } from '../../core/drain/drainOptions.ts';
import { drainableStates } from '../../core/queries/candidates.ts';
import { hasMatch, type PhaseFilter } from '../../core/model/phaseFilter.ts';
import { filterLabel } from '../runs/filter/filterTexts.ts';
import type { SessionTarget } from '../ids.ts';

/** What is to be drained: a batch from the whole database or of what passes a filter, one run, one phase, those that were selected, or what is left of a session. */
export type DrainSubject =
  | { readonly kind: 'batch' }
  | { readonly kind: 'matching'; readonly filter: PhaseFilter }
  | { readonly kind: 'run'; readonly runId: string }
  | ({ readonly kind: 'phase' } & PhaseKey)
  | { readonly kind: 'selection'; readonly keys: readonly PhaseKey[] }
  | ({ readonly kind: 'session' } & SessionTarget);

/** The subject in words, as it stands in a question: `10 phases of the run telemetry-collection-v4`. */
export function subjectLabel(subject: DrainSubject, phases: string): string {
  switch (subject.kind) {
    case 'batch':
      return phases;
    case 'matching':
      return `${phases} that ${hasMatch(subject.filter) ? 'match' : 'are'} ${filterLabel(subject.filter)}`;
    case 'selection':
      return phases.replace(' ', ' selected ');
    case 'session':
      return phases;
    case 'run':
      return `${phases} of the run ${subject.runId}`;
    case 'phase':
      return `the phase ${subject.phaseId} of ${subject.runId}`;
  }
}

/** The subject as options of a drain. */
export function subjectOptions(subject: DrainSubject): DrainRequest {
  switch (subject.kind) {
    case 'batch':
      return {};
    case 'matching':
      return matchingOptions(subject.filter);
    case 'session':
      // Those of the session hold on.
      return {};
    case 'run':
      return { runId: subject.runId };
    case 'phase':
      // Once: whoever wants it tried again will say so.
      return { phaseKeys: [{ runId: subject.runId, phaseId: subject.phaseId }], batchSize: 1 };
    case 'selection':
      // Whoever selected them wants all of them.
      return { phaseKeys: subject.keys, batchSize: subject.keys.length };
  }
}

/** Of the filter's states only those count from which a phase can be drained; the core finds the phases themselves. */
function matchingOptions(filter: PhaseFilter): DrainRequest {
  const { text, categories, complexities } = filter;
  const states = drainableStates.filter((state) => filter.states.includes(state));
  return {
    ...(filter.states.length === 0 ? {} : { states }),
    ...(hasMatch(filter) ? { match: { text, categories, complexities } } : {}),
  };
}
