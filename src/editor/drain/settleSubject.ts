import { UserFacingError } from '../../core/errors.ts';
import type { Phase, PhaseKey } from '../../core/model/phase.ts';
import type { PhaseFilter } from '../../core/model/phaseFilter.ts';
import type { MatchingRuns, RunSummary } from '../../core/model/run.ts';
import type { StateCounts } from '../../core/model/state.ts';
import { drainableCount, isDrainable } from '../runs/drainable.ts';
import { filterLabel } from '../runs/filter/filterTexts.ts';
import { stateCountsLabel, stateLabel } from '../runs/stateLabels.ts';
import type { DrainSubject } from './drainSubject.ts';

/** What is known of the database that is to be drained. */
export interface DrainableFacts {
  readonly runs: readonly RunSummary[];
  readonly match: (filter: PhaseFilter) => Promise<MatchingRuns>;
  readonly ask: (key: PhaseKey) => Promise<Phase>;
  /** Of the Runs view. */
  readonly filter: PhaseFilter | null;
}

/** A subject of which something can be drained, and what a person should know of it. */
export interface SettledSubject {
  readonly subject: DrainSubject;
  readonly remarks: readonly string[];
}

/**
 * Makes sure that something of the subject can be drained, or fails with `invalid-argument` and says why not. Of selected
 * phases those are left out that cannot: who marks a stretch of rows marks complete ones with it.
 */
export async function settleSubject(subject: DrainSubject, facts: DrainableFacts): Promise<SettledSubject> {
  const { runs, match, ask } = facts;
  switch (subject.kind) {
    case 'session':
      break;
    case 'batch':
      requireSome(
        runs.map(({ phaseStates }) => phaseStates),
        'The database has no phase that is queued or failed.',
      );
      break;
    case 'matching':
      requireSome(
        (await match(subject.filter)).runs.map(({ matching }) => matching),
        `No phase that matches ${filterLabel(subject.filter)} is queued or failed.`,
      );
      break;
    case 'run':
      return { subject, remarks: await settleRun(subject.runId, facts) };
    case 'selection':
      return settleSelection(await Promise.all(subject.keys.map(ask)));
    case 'phase': {
      const { state, phaseId } = await ask(subject);
      requireSome([{ [state]: 1 }], `The phase ${phaseId} is ${stateLabel(state)}.`);
    }
  }
  return { subject, remarks: [] };
}

/** Whoever drains a run from a filtered view may think of the rows that are left of it. */
async function settleRun(runId: string, { runs, match, filter }: DrainableFacts): Promise<string[]> {
  const { phaseStates = {} } = runs.find(({ id }) => id === runId) ?? {};
  requireSome([phaseStates], `The run ${runId} has no phase that is queued or failed.`);
  if (filter === null) return [];
  const filtered = (await match(filter)).runs.find(({ run }) => run.id === runId);
  const [shown, all] = [drainableCount(filtered?.matching ?? {}), drainableCount(phaseStates)];
  return shown === all ? [] : [`The view is filtered and shows ${shown} of the run's ${all} candidates.`];
}

function settleSelection(phases: readonly Phase[]): SettledSubject {
  const taken = phases.filter(({ state }) => isDrainable(state));
  requireSome(
    taken.map(({ state }) => ({ [state]: 1 })),
    'No selected phase is queued or failed.',
  );
  const left: Record<string, number> = {};
  for (const { state } of phases) if (!isDrainable(state)) left[state] = (left[state] ?? 0) + 1;
  const keys = taken.map(({ runId, phaseId }) => ({ runId, phaseId }));
  const remark = `Left out, for only queued and failed phases can be drained: ${stateCountsLabel(left)}.`;
  return { subject: { kind: 'selection', keys }, remarks: taken.length === phases.length ? [] : [remark] };
}

function requireSome(counts: readonly StateCounts[], otherwise: string): void {
  if (counts.some((each) => drainableCount(each) > 0)) return;
  throw new UserFacingError(
    'invalid-argument',
    `${otherwise} Nothing can be drained.`,
    'Seed a run, or choose another.',
  );
}
