import type { SqlValue } from '../db/readDatabase.ts';
import { type Candidate, drainableStates, keyOf } from '../drain/candidate.ts';
import { classifyFailureReason } from '../drain/failureClass.ts';
import { unknownTierIndex } from '../drain/runOrder.ts';
import { normaliseState } from '../model/state.ts';
import type { QueryContext } from './queryContext.ts';

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
