import type { SqlValue } from '../db/readDatabase.ts';
import { type Candidate, drainableStates, keyOf } from '../drain/candidate.ts';
import { classifyFailureReason } from '../drain/failureClass.ts';
import { normaliseState } from '../model/state.ts';

/** The columns of a candidate, in the order in which {@link candidateFrom} reads them. */
export const candidateColumns = [
  'run_id',
  'phase_id',
  'phase_index',
  'state',
  'last_failure_reason',
  'incident_token_cap',
];

/** A candidate from its row id and the values of {@link candidateColumns}. */
export function candidateFrom([
  rowId,
  runId,
  phaseId,
  index,
  state,
  reason,
  cap,
]: readonly SqlValue[]): Candidate {
  return {
    rowId: Number(rowId),
    runId: textOf(runId ?? null) ?? '',
    phaseId: textOf(phaseId ?? null) ?? '',
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
