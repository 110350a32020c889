import { drainableStates } from './candidate.ts';
import { eventsOf, type PhaseGlimpse, type PhaseObservation, yieldOf } from './phaseObservation.ts';

/** A phase before and after an execution; `after` is `null` when it is gone. */
export interface PhaseChange {
  readonly before: PhaseGlimpse;
  readonly after: PhaseGlimpse | null;
}

/** What an execution worked on. */
export interface WhatRan {
  /** The phase to hold the result against: the one asked for, unless it was left alone and another of its run ran. */
  readonly main: PhaseChange;
  readonly isAskedFor: boolean;
  /** Other phases of the run that could be drained before and were changed since. */
  readonly others: readonly PhaseChange[];
}

/** Compares a run before and after an execution: the reference's script may run an earlier queued phase than asked. */
export function whatRan(
  runId: string,
  asked: PhaseGlimpse,
  before: PhaseObservation,
  after: PhaseObservation,
): WhatRan {
  const others = before.siblings
    .filter(({ state }) => drainableStates.includes(state))
    .map((sibling) => changeOf(sibling, after.siblings))
    .filter((change) => change.after !== null && change.after.revision !== change.before.revision);
  const main = { before: asked, after: after.phase };
  const [instead, ...rest] = others;
  if (instead === undefined || wasTouched(runId, main, after)) return { main, isAskedFor: true, others };
  return { main: instead, isAskedFor: false, others: rest };
}

function changeOf(before: PhaseGlimpse, phases: readonly PhaseGlimpse[]): PhaseChange {
  return { before, after: phases.find(({ phaseId }) => phaseId === before.phaseId) ?? null };
}

function wasTouched(runId: string, { before, after }: PhaseChange, observation: PhaseObservation): boolean {
  const yielded = yieldOf(observation, { runId, phaseId: before.phaseId });
  return after?.revision !== before.revision || eventsOf(yielded) > 0 || yielded.llmCalls > 0;
}
