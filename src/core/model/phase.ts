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
