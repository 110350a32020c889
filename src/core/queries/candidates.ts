import type { SqlValue } from '../db/databasePorts.ts';
import type { QueryContext } from '../db/scan/queryContext.ts';
import { classifyFailureReason, failureClasses, type FailureClass } from '../model/failureClass.ts';
import { unknownTierIndex, type PhaseKey, type RunPosition } from '../model/phase.ts';
import type { PhaseMatch } from '../model/phaseFilter.ts';
import { normaliseState, type State, type StateCounts } from '../model/state.ts';

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

/** The columns of a candidate, in the order in which {@link candidateFrom} reads them. */
export const candidateColumns = [
  'run_id',
  'phase_id',
  'phase_index',
  'state',
  'last_failure_reason',
  'incident_token_cap',
  'tier_id',
];

/** Finds the index of a tier by the `tier_id` of a phase. */
export type TierIndexOf = (runId: string, tierId: SqlValue) => number;

/** Reads the tiers, of one run or with `null` of all: phases refer to them by row id, in older files by name. */
export function tierIndexes(
  { db, schema }: Pick<QueryContext, 'db' | 'schema'>,
  runId: string | null,
): TierIndexOf {
  const indexes = new Map<string, number>();
  const names = new Map<string, number>();
  if (schema.hasColumn('tiers', 'tier_index') && schema.hasColumn('phases', 'tier_id')) {
    const [where, params] =
      runId === null || !schema.hasColumn('tiers', 'run_id') ? ['', []] : ['WHERE run_id = ?', [runId]];
    const columns = schema.select('tiers', ['id', 'run_id', 'tier_id', 'tier_index']);
    for (const row of db.all(`SELECT ${columns} FROM tiers ${where}`, params)) {
      const index = Number(row.tier_index);
      if (row.tier_index === null || !Number.isFinite(index)) continue;
      indexes.set(String(row.id), index);
      names.set(keyOf({ runId: String(row.run_id), phaseId: String(row.tier_id) }), index);
    }
  }
  return (ofRun, tierId) =>
    indexes.get(String(tierId)) ??
    names.get(keyOf({ runId: ofRun, phaseId: String(tierId) })) ??
    unknownTierIndex;
}

/** A candidate from its row id and the values of {@link candidateColumns}. */
export function candidateFrom(
  [rowId, run, phaseId, index, state, reason, cap, tier]: readonly SqlValue[],
  tierIndexOf: TierIndexOf,
): Candidate {
  const runId = textOf(run ?? null) ?? '';
  return {
    rowId: Number(rowId),
    runId,
    phaseId: textOf(phaseId ?? null) ?? '',
    tierIndex: tierIndexOf(runId, tier ?? null),
    phaseIndex: Number(index) || 0,
    state: normaliseState(textOf(state ?? null)),
    failureClass: classifyFailureReason(textOf(reason ?? null)),
    tokenCap: Number(cap) > 0 ? Number(cap) : null,
  };
}

/** In row order. Older schemas do not keep the pair of ids unique; the executor takes the first row. */
export function eachOnce(found: Candidate[]): Candidate[] {
  const candidates = new Map<string, Candidate>();
  for (const candidate of found.sort((a, b) => a.rowId - b.rowId)) {
    const key = keyOf(candidate);
    if (!candidates.has(key)) candidates.set(key, candidate);
  }
  return [...candidates.values()];
}

/** Whether a drain can take a phase from this state, as stored. */
export function isDrainable(state: string | null): boolean {
  return drainableStates.includes(normaliseState(state));
}

/** The value as text; `null` for what has none. */
export function textOf(value: SqlValue): string | null {
  if (value === null || value instanceof Uint8Array) return null;
  return String(value);
}

/** Candidates by their run, each run's in the order given. */
export function byRun(candidates: readonly Candidate[]): Map<string, readonly Candidate[]> {
  const runs = new Map<string, Candidate[]>();
  for (const candidate of candidates) {
    const run = runs.get(candidate.runId);
    if (run === undefined) runs.set(candidate.runId, [candidate]);
    else run.push(candidate);
  }
  return runs;
}

/** Which of two phases that had as many attempts is worth more. */
export function byOrder(a: Candidate, b: Candidate): number {
  return (
    failureClasses.indexOf(a.failureClass) - failureClasses.indexOf(b.failureClass) ||
    a.phaseIndex - b.phaseIndex ||
    a.rowId - b.rowId
  );
}
