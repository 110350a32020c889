import type { PhaseKey } from '../model/phase.ts';
import type { PhaseMatch } from '../model/phaseFilter.ts';
import type { State, StateCounts } from '../model/state.ts';
import type { FailureClass } from './failureClass.ts';
import type { RunPosition } from './runOrder.ts';

/** A phase that can be drained: FAILED (backlog) or QUEUED (a seeded run). */
export interface Candidate extends PhaseKey, RunPosition {
  readonly state: State;
  readonly failureClass: FailureClass;
  /** Tokens one execution may use at most, as its row says (`incident_token_cap`); `null` where it does not. */
  readonly tokenCap: number | null;
}

/** Which phases a drain is about: everything or one run, or what of that matches; or chosen phases. */
export type DrainScope =
  | { readonly kind: 'all'; readonly match?: PhaseMatch }
  | { readonly kind: 'run'; readonly runId: string; readonly match?: PhaseMatch }
  | { readonly kind: 'phases'; readonly keys: readonly PhaseKey[] };

/** What the database says before a drain starts, from one snapshot. */
export interface DrainBacklog {
  readonly databaseIsEmpty: boolean;
  /** Whether phases can leave samples: `token_estimation_v2_events` is there. */
  readonly hasTelemetryTable: boolean;
  /** Whether Alembic has made or migrated the database. */
  readonly isMigrated: boolean;
  /** Whether the run of the scope is there; `true` for other scopes. */
  readonly runIsKnown: boolean;
  /** The phases in scope, by state. */
  readonly phaseStates: StateCounts;
  /** In row order, each key once. */
  readonly candidates: readonly Candidate[];
  /** QUEUED phases of the candidates' runs that are not in scope: an executor may take them first. */
  readonly otherQueued: readonly Candidate[];
  /** Chosen phases that cannot be drained: `state` is `null` where there is no such phase. */
  readonly refused: readonly (PhaseKey & { readonly state: State | null })[];
}

/** The states from which a phase can be drained. */
export const drainableStates: readonly State[] = ['QUEUED', 'FAILED'];

/** A phase key as one string, for sets and maps: `phaseId` alone is not unique. */
export function keyOf({ runId, phaseId }: PhaseKey): string {
  return `${runId}\u0000${phaseId}`;
}
