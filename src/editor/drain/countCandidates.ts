import { UserFacingError } from '../../core/errors.ts';
import type { Phase, PhaseKey } from '../../core/model/phase.ts';
import type { PhaseFilter } from '../../core/model/phaseFilter.ts';
import type { MatchingRuns, RunSummary } from '../../core/model/run.ts';
import { drainableCount, isDrainable } from '../runs/drainable.ts';
import { filterLabel } from '../runs/filter/filterTexts.ts';
import { stateLabel } from '../runs/stateLabels.ts';
import type { DrainSubject } from './drainSubject.ts';

/** How many phases of the subject could be drained. Fails with `invalid-argument` where none can, saying why. */
export async function countCandidates(
  subject: Exclude<DrainSubject, { kind: 'session' }>,
  runs: readonly RunSummary[],
  match: (filter: PhaseFilter) => Promise<MatchingRuns>,
  ask: (key: PhaseKey) => Promise<Phase>,
): Promise<number> {
  switch (subject.kind) {
    case 'batch': {
      const candidates = runs.reduce((sum, { phaseStates }) => sum + drainableCount(phaseStates), 0);
      return someOf(candidates, 'The database has no phase that is queued or failed.');
    }
    case 'matching': {
      const { runs: matching } = await match(subject.filter);
      const candidates = matching.reduce((sum, each) => sum + drainableCount(each.matching), 0);
      return someOf(candidates, `No phase that matches ${filterLabel(subject.filter)} is queued or failed.`);
    }
    case 'run': {
      const states = runs.find(({ id }) => id === subject.runId)?.phaseStates ?? {};
      return someOf(
        drainableCount(states),
        `The run ${subject.runId} has no phase that is queued or failed.`,
      );
    }
    case 'selection': {
      const phases = await Promise.all(subject.keys.map(ask));
      const candidates = phases.filter(({ state }) => isDrainable(state)).length;
      return someOf(candidates, 'No selected phase is queued or failed.');
    }
    case 'phase': {
      const phase = await ask(subject);
      const candidates = isDrainable(phase.state) ? 1 : 0;
      return someOf(candidates, `The phase ${phase.phaseId} is ${stateLabel(phase.state)}.`);
    }
  }
}

function someOf(candidates: number, reason: string): number {
  if (candidates > 0) return candidates;
  throw new UserFacingError(
    'invalid-argument',
    `${reason} Nothing can be drained.`,
    'Seed a run, or choose another.',
  );
}
