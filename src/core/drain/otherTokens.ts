import type { PhaseKey } from '../model/phase.ts';
import { type PhaseObservation, tokensOf } from './phaseObservation.ts';

/** Whether events are under no run: the reference has been seen to write them under `unknown`. */
export function isNameless(runId: string): boolean {
  return /^(?:unknown|none|)$/i.test(runId);
}

/**
 * Tokens that appeared while a phase was executed, under other phases of its run or under no run. They are no yield of
 * the phase, but as good as surely spent by its execution: what bounds the costs must count them.
 */
export function otherTokensOf({ yields }: PhaseObservation, { runId, phaseId }: PhaseKey): number {
  return yields
    .filter((each) => (each.runId === runId ? each.phaseId !== phaseId : isNameless(each.runId)))
    .reduce((sum, each) => sum + tokensOf(each.yield), 0);
}
