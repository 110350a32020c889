import { type PhaseObservation, tokensOf } from './phaseObservation.ts';

/** Whether events are under no run: the reference has been seen to write them under `unknown`. */
export function isNameless(runId: string): boolean {
  return /^(?:unknown|none|)$/i.test(runId);
}

/**
 * Tokens that appeared during an execution under other phases of its run than those it is booked under, or under no run.
 * They are no yield of any phase, but as good as surely spent by the execution: what bounds the costs must count them.
 */
export function otherTokensOf(
  { yields }: PhaseObservation,
  runId: string,
  booked: readonly string[],
): number {
  return yields
    .filter((each) => (each.runId === runId ? !booked.includes(each.phaseId) : isNameless(each.runId)))
    .reduce((sum, each) => sum + tokensOf(each.yield), 0);
}
