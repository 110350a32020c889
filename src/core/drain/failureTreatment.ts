import { failureKindOf, type FailureKind } from '../failures/failureKind.ts';
import { eventsOf } from '../model/phaseObservation.ts';
import type { DrainResult } from './drainResult.ts';

/** From so many failures for the environment in a row on, of one run or of several, no other phase is tried. */
export const environmentFailures = 2;

/** A cause that lies outside of the phases. */
export interface CauseBeyondPhase extends Omit<FailureKind, 'name'> {
  readonly name: FailureKind['name'] | 'crash';
}

/**
 * The cause of a failure that lies outside its phase, so that every phase fails like it until a person has acted: a
 * wrong key, no credit, no API server, no interpreter, a missing package, a crash before the phase. `null` for any other
 * result.
 */
export function causeBeyondPhase(
  result: Pick<DrainResult, 'outcome' | 'error' | 'success' | 'yield' | 'exitCode' | 'zeroYield'>,
): CauseBeyondPhase | null {
  const { outcome, error, success } = result;
  if (success || outcome !== 'exited' || error === null) return null;
  const kind = failureKindOf(error);
  if (kind?.treatment === 'stop') return kind;
  // Whoever has reached the model has what it takes: then the phase itself lacks a package or asks for another model.
  const hasReachedModel = eventsOf(result.yield) > 0 || result.yield.llmCalls > 0;
  if (kind?.treatment === 'environment' && !hasReachedModel) return kind;
  return kind === null && result.zeroYield?.cause === 'crashed-before-phase'
    ? { name: 'crash', treatment: 'environment', evidence: error, advice: result.zeroYield.advice }
    : null;
}

/**
 * Whether a cause that affects every phase kept this one from being executed, and it is QUEUED still or
 * again. It counts neither as an attempt nor against its run, so that it is tried once the cause is repaired.
 */
export function hadNoChance(
  result: Parameters<typeof causeBeyondPhase>[0] & Pick<DrainResult, 'finalState'>,
): boolean {
  const beyond = causeBeyondPhase(result);
  return beyond?.treatment === 'stop' || (beyond !== null && result.finalState === 'QUEUED');
}

/** The part of a failure's error that shows it may pass by itself; `null` for any other failure, and for a success. */
export function transientEvidence({ outcome, error }: Pick<DrainResult, 'outcome' | 'error'>): string | null {
  if (outcome !== 'exited' || error === null) return null;
  const kind = failureKindOf(error);
  return kind?.treatment === 'retry' ? kind.evidence : null;
}

/** The longest pause before a retry, in ms. */
const longestPauseMs = 120_000;

/** How long to wait before the `n`th retry in a row (1 for the first), in ms. */
export function retryPauseMs(retryDelaySeconds: number, n: number): number {
  return Math.min(retryDelaySeconds * 1000 * 4 ** (n - 1), longestPauseMs);
}
