import type { WriteDatabase, WriteOperation } from '../db/databasePorts.ts';
import { updateRows } from '../db/tolerantRows.ts';
import { TolerantSchema } from '../db/tolerantSchema.ts';
import { subjectOfPhases } from '../identity/journalEntry.ts';
import type { PhaseKey } from '../model/phase.ts';
import { inCaseOf, normaliseState, type State } from '../model/state.ts';
import { formatStoredTimestamp } from '../model/timestamp.ts';

/**
 * Sets a phase FAILED if its state still is `from`, with the reason where the schema has a place for it; returns whether
 * it did. The state is written in the letter case the database uses. `now` is ms since the epoch.
 */
export function failPhase(
  db: WriteDatabase,
  key: PhaseKey,
  reason: string,
  from: State,
  now: number,
): boolean {
  const time = formatStoredTimestamp(now);
  return setState(db, key, 'FAILED', from, {
    last_failure_reason: reason,
    updated_at: time,
    completed_at: time,
  });
}

/**
 * Sets a phase QUEUED if its state still is `from`; returns whether it did. Its reason stays: it says why it was put back.
 * `now` is ms since the epoch.
 */
export function requeuePhase(db: WriteDatabase, key: PhaseKey, from: State, now: number): boolean {
  return setState(db, key, 'QUEUED', from, { updated_at: formatStoredTimestamp(now), completed_at: null });
}

function setState(
  db: WriteDatabase,
  key: PhaseKey,
  state: State,
  from: State,
  others: Readonly<Record<string, string | null>>,
): boolean {
  const schema = TolerantSchema.read(db);
  const rows = db.all('SELECT state FROM phases WHERE run_id = ? AND phase_id = ?', [key.runId, key.phaseId]);
  const [row] = rows;
  const stored = typeof row?.state === 'string' ? row.state : null;
  if (row === undefined || normaliseState(stored) !== from) return false;
  const values = { state: inCaseOf(stored, state), ...others };
  const where = { run_id: key.runId, phase_id: key.phaseId };
  return updateRows(db, schema, 'phases', where, values, rows.length) > 0;
}

/** {@link failPhase} as the writer takes it. */
export const failPhaseOperation: WriteOperation<
  { readonly key: PhaseKey; readonly reason: string; readonly from: State; readonly now: number },
  boolean
> = {
  name: 'fail-phase',
  run: (db, { key, reason, from, now }) => failPhase(db, key, reason, from, now),
  needs: ({ key }) => ({ runs: [key.runId], tables: 'work' }),
  subject: ({ key }) => subjectOfPhases([key]),
};

/** {@link requeuePhase} as the writer takes it. */
export const requeuePhaseOperation: WriteOperation<
  { readonly key: PhaseKey; readonly from: State; readonly now: number },
  boolean
> = {
  name: 'put-back-phase',
  run: (db, { key, from, now }) => requeuePhase(db, key, from, now),
  needs: ({ key }) => ({ runs: [key.runId], tables: 'work' }),
  subject: ({ key }) => subjectOfPhases([key]),
};
