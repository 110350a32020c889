import type { DrainRequest } from '../../core/drain/drainOptions.ts';
import { UserFacingError } from '../../core/errors.ts';
import type { CostQuote } from '../../core/model/execution.ts';
import type { PhaseKey, Phase } from '../../core/model/phase.ts';
import { hasMatch, type PhaseFilter } from '../../core/model/phaseFilter.ts';
import type { MatchingRuns, RunSummary } from '../../core/model/run.ts';
import type { StateCounts } from '../../core/model/state.ts';
import { drainableStates } from '../../core/queries/candidates.ts';
import { t } from '../../core/text/l10n.ts';
import type { SessionTarget } from '../ids.ts';
import { filterLabel } from '../runs/filterItems.ts';
import { drainableCount, isDrainable, stateCountsLabel, stateLabel } from '../window/labels.ts';

/**
 * What is to be drained: a batch from the whole database or of what passes a filter, one run, one phase, those that were
 * selected, what is left of a session, or what samples are collected from.
 */
export type DrainSubject =
  | { readonly kind: 'batch' }
  | { readonly kind: 'matching'; readonly filter: PhaseFilter }
  | { readonly kind: 'run'; readonly runId: string }
  | ({ readonly kind: 'phase' } & PhaseKey)
  | { readonly kind: 'selected'; readonly keys: readonly PhaseKey[]; readonly runIds: readonly string[] }
  /** What of that can be drained; `runs` is how many of the rows were runs. */
  | { readonly kind: 'selection'; readonly keys: readonly PhaseKey[]; readonly runs: number }
  | ({ readonly kind: 'session' } & SessionTarget)
  | {
      readonly kind: 'collection';
      readonly request: DrainRequest;
      /** What a person should know of it, once the executor and its price are known. */
      readonly remarks: (planned: PlannedCollection) => readonly string[];
    };

/** What is known of collecting samples when its first drain is planned. */
export interface PlannedCollection {
  /** The name of the executor. */
  readonly executor: string;
  /** Of the first drain. */
  readonly cost: CostQuote | null;
  /** US dollars for everything together; `null` for no limit. */
  readonly maxCost: number | null;
}

/** The subject in words, as it stands in a question: `10 phases of the run telemetry-collection-v4`. */
export function subjectLabel(subject: DrainSubject, phases: string): string {
  switch (subject.kind) {
    case 'batch':
      return phases;
    case 'matching':
      return hasMatch(subject.filter)
        ? t`${phases} that match ${filterLabel(subject.filter)}`
        : t`${phases} that are ${filterLabel(subject.filter)}`;
    case 'collection':
      return phases;
    case 'selected':
    case 'selection':
      return selectedWords(phases);
    case 'session':
      return phases;
    case 'run':
      return t`${phases} of the run ${subject.runId}`;
    case 'phase':
      return t`the phase ${subject.phaseId} of ${subject.runId}`;
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
    case 'collection':
      return subject.request;
    case 'run':
      return { runId: subject.runId };
    case 'phase':
      // Once: whoever wants it tried again will say so.
      return { phaseKeys: [{ runId: subject.runId, phaseId: subject.phaseId }], batchSize: 1 };
    case 'selected':
      return { phaseKeys: subject.keys };
    case 'selection':
      // Whoever selected phases wants all of them; runs are drained in batches.
      return { phaseKeys: subject.keys, ...(subject.runs === 0 ? { batchSize: subject.keys.length } : {}) };
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

/** What is known of the database that is to be drained. */
export interface DrainableFacts {
  readonly runs: readonly RunSummary[];
  readonly match: (filter: PhaseFilter) => Promise<MatchingRuns>;
  readonly ask: (key: PhaseKey) => Promise<Phase>;
  readonly phasesOf: (runId: string) => Promise<readonly Phase[]>;
  /** Of the Runs view. */
  readonly filter: PhaseFilter | null;
}

/** A subject of which something can be drained, and what a person should know of it. */
export interface ValidatedScope {
  readonly subject: DrainSubject;
  readonly remarks: readonly string[];
}

/**
 * Makes sure that something of the subject can be drained, or fails with `invalid-argument` and says why not. Of selected
 * phases, those that cannot are left out: a range of selected rows often includes complete ones.
 */
export async function validateScope(subject: DrainSubject, facts: DrainableFacts): Promise<ValidatedScope> {
  const { runs, match, ask, phasesOf } = facts;
  switch (subject.kind) {
    // What is there was looked at before.
    case 'collection':
    case 'session':
      break;
    case 'batch':
      requireSome(
        runs.map(({ phaseStates }) => phaseStates),
        t`The database has no phase that is queued or failed.`,
      );
      break;
    case 'matching':
      requireSome(
        (await match(subject.filter)).runs.map(({ matching }) => matching),
        t`No phase that matches ${filterLabel(subject.filter)} is queued or failed.`,
      );
      break;
    case 'run':
      return { subject, remarks: await settleRun(subject.runId, facts) };
    case 'selection':
      break;
    case 'selected': {
      const { keys, runIds } = subject;
      const ofRuns = (await Promise.all(runIds.map(phasesOf))).flat();
      const others = keys.filter(({ runId }) => !runIds.includes(runId));
      return settleSelection([...(await Promise.all(others.map(ask))), ...ofRuns], runIds.length);
    }
    case 'phase': {
      const { state, phaseId } = await ask(subject);
      requireSome([{ [state]: 1 }], t`The phase ${phaseId} is ${stateLabel(state)}.`);
    }
  }
  return { subject, remarks: [] };
}

/** `3 phases` as `3 selected phases`. */
function selectedWords(phases: string): string {
  const [count = '', ...noun] = phases.split(' ');
  return t`${count} selected ${noun.join(' ')}`;
}

/** Whoever drains a run from a filtered view may think of the rows that are left of it. */
async function settleRun(runId: string, { runs, match, filter }: DrainableFacts): Promise<string[]> {
  const { phaseStates = {} } = runs.find(({ id }) => id === runId) ?? {};
  requireSome([phaseStates], t`The run ${runId} has no phase that is queued or failed.`);
  if (filter === null) return [];
  const filtered = (await match(filter)).runs.find(({ run }) => run.id === runId);
  const [shown, all] = [drainableCount(filtered?.matching ?? {}), drainableCount(phaseStates)];
  return shown === all ? [] : [t`The view is filtered and shows ${shown} of the run's ${all} candidates.`];
}

function settleSelection(phases: readonly Phase[], runs: number): ValidatedScope {
  const taken = phases.filter(({ state }) => isDrainable(state));
  requireSome(
    taken.map(({ state }) => ({ [state]: 1 })),
    t`No selected phase is queued or failed.`,
  );
  const left: Record<string, number> = {};
  for (const { state } of phases) if (!isDrainable(state)) left[state] = (left[state] ?? 0) + 1;
  const keys = taken.map(({ runId, phaseId }) => ({ runId, phaseId }));
  const remark = t`Left out, for only queued and failed phases can be drained: ${stateCountsLabel(left)}.`;
  return {
    subject: { kind: 'selection', keys, runs },
    remarks: taken.length === phases.length ? [] : [remark],
  };
}

function requireSome(counts: readonly StateCounts[], otherwise: string): void {
  if (counts.some((each) => drainableCount(each) > 0)) return;
  throw new UserFacingError(
    'invalid-argument',
    `${otherwise} ${t`Nothing can be drained.`}`,
    t`Seed a run, or choose another.`,
  );
}
