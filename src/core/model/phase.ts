import type { State } from './state.ts';

/** What a phase may read and must write; paths are relative to the repository root. */
export interface PhaseScope {
  readonly paths: readonly string[];
  readonly readOnlyContext: readonly string[];
  readonly deliverables: readonly string[];
}

/** A phase. `phaseId` is unique only within its run. Times are ms since the epoch, tokens are tokens. */
export interface Phase {
  readonly rowId: number;
  readonly runId: string;
  readonly phaseId: string;
  /** The row id of its tier; the tier may not exist. */
  readonly tierRowId: number | null;
  readonly index: number;
  readonly name: string;
  readonly description: string | null;
  readonly state: State;
  readonly category: string | null;
  readonly complexity: string | null;
  readonly scope: PhaseScope;
  readonly builderAttempts: number;
  readonly auditorAttempts: number;
  readonly maxBuilderAttempts: number | null;
  readonly retryAttempt: number;
  readonly tokensUsed: number;
  readonly incidentTokenCap: number | null;
  readonly failureReason: string | null;
  readonly createdAt: number | null;
  readonly updatedAt: number | null;
  readonly startedAt: number | null;
  readonly completedAt: number | null;
}

/** Which phase, in any database: the pair is the key. */
export interface PhaseKey {
  readonly runId: string;
  readonly phaseId: string;
}

/** Shows that a phase is leased: its key, and the number of the lease, of which a later one of the phase has a greater. */
export interface LeaseProof extends PhaseKey {
  readonly fence: string;
}

/** Where a phase stands in its run. */
export interface RunPosition {
  /** Of its tier; {@link unknownTierIndex} where the tier is not known. */
  readonly tierIndex: number;
  readonly phaseIndex: number;
  readonly rowId: number;
}

/** Autopack puts phases of a tier it does not know behind all others. */
export const unknownTierIndex = 999;

/** The order in which Autopack goes through the phases of a run: by tier, by index, then as they are stored. */
export function byRunOrder(a: RunPosition, b: RunPosition): number {
  return a.tierIndex - b.tierIndex || a.phaseIndex - b.phaseIndex || a.rowId - b.rowId;
}

/** The QUEUED phase that comes first in its run; `undefined` where none is QUEUED. */
export function firstQueued<T extends RunPosition & { readonly state: string }>(
  phases: Iterable<T>,
): T | undefined {
  let first: T | undefined;
  for (const phase of phases) {
    if (phase.state === 'QUEUED' && (first === undefined || byRunOrder(phase, first) < 0)) first = phase;
  }
  return first;
}
