import type { DrainResult } from './drainResult.ts';
import { type FailureKind, failureKindOf } from './failureKind.ts';
import { eventsOf } from './phaseObservation.ts';

/** From so many different runs in a row that failed for their environment on, no other phase is tried. */
export const environmentRuns = 2;

/**
 * The cause of a failure that lies outside its phase, so that every phase fails like it until a person has acted: a
 * wrong key, no credit, no API server, no interpreter, a missing package. `null` for any other result.
 */
export function causeBeyondPhase(
  result: Pick<DrainResult, 'outcome' | 'error' | 'success' | 'yield' | 'exitCode'>,
): FailureKind | null {
  const { outcome, error, success } = result;
  if (success || outcome !== 'exited' || error === null) return null;
  const kind = failureKindOf(error);
  if (kind?.treatment === 'stop') return kind;
  // Whoever has reached the model has what it takes: then the phase itself lacks a package or asks for another model.
  const hasReachedModel = eventsOf(result.yield) > 0 || result.yield.llmCalls > 0;
  return kind?.treatment === 'environment' && !hasReachedModel ? kind : null;
}
