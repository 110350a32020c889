import type { SqlValue, WriteDatabase, WriteOperation } from '../db/databasePorts.ts';
import { updateRows } from '../db/tolerantRows.ts';
import { TolerantSchema } from '../db/tolerantSchema.ts';
import { subjectOfPhases } from '../identity/journalEntry.ts';
import type { ClaimedPhase } from '../model/executionHost.ts';
import type { PhaseKey } from '../model/phase.ts';
import { inCaseOf, normaliseState } from '../model/state.ts';
import { formatStoredTimestamp } from '../model/timestamp.ts';
import { drainableStates } from '../queries/candidates.ts';
import { briefColumns, readPhaseBrief } from './readPhaseBrief.ts';

/**
 * Moves a QUEUED or FAILED phase to EXECUTING, as Autopack does when a builder begins: one attempt more, its times, its
 * tier and run under way. The last failure reason stays until the phase ends. `null` where it is in no such state; `now` is
 * ms since the epoch.
 */
function claimPhase(db: WriteDatabase, key: PhaseKey, now: number): ClaimedPhase | null {
  const schema = TolerantSchema.read(db);
  const row = phaseRow(db, schema, key);
  const stored = textOf(row?.state);
  if (row === undefined || !drainableStates.includes(normaliseState(stored))) return null;
  const time = formatStoredTimestamp(now);
  const attempts = Number(row.builder_attempts ?? 0) + 1;
  const values = {
    state: inCaseOf(stored, 'EXECUTING'),
    builder_attempts: attempts,
    last_attempt_timestamp: time,
    started_at: time,
    completed_at: null,
    updated_at: time,
  };
  updateRows(db, schema, 'phases', { run_id: key.runId, phase_id: key.phaseId }, values, 1);
  return {
    runId: key.runId,
    phaseId: key.phaseId,
    attempt: schema.hasColumn('phases', 'builder_attempts') ? attempts : 0,
    before: {
      phase: stored ?? 'QUEUED',
      tier: begin(db, schema, 'tiers', row.tier_id ?? null, 'IN_PROGRESS', time),
      run: begin(db, schema, 'runs', key.runId, 'PHASE_EXECUTION', time),
    },
    claimedAt: now,
    brief: readPhaseBrief(key, row),
  };
}

/** The row of a phase with what a claim needs of it; the first where an older schema let there be several. */
export function phaseRow(
  db: WriteDatabase,
  schema: TolerantSchema,
  { runId, phaseId }: PhaseKey,
): ReturnType<WriteDatabase['all']>[number] | undefined {
  const columns = schema.select('phases', [
    ...briefColumns,
    ...['state', 'tier_id', 'builder_attempts', 'tokens_used', 'started_at'],
  ]);
  const sql = `SELECT ${columns} FROM phases WHERE run_id = ? AND phase_id = ? ORDER BY rowid LIMIT 1`;
  return db.all(sql, [runId, phaseId])[0];
}

/** Marks a run or tier as being worked on, and tells its state before; `null` where there is none. */
function begin(
  db: WriteDatabase,
  schema: TolerantSchema,
  table: 'runs' | 'tiers',
  id: SqlValue,
  state: string,
  time: string,
): string | null {
  if (!schema.hasColumn(table, 'id')) return null;
  const [row] = db.all(`SELECT ${schema.select(table, ['state', 'started_at'])} FROM ${table} WHERE id = ?`, [
    id,
  ]);
  if (row === undefined) return null;
  const stored = textOf(row.state);
  const startedAt = row.started_at ?? time;
  const values = {
    state: inCaseOf(stored, state),
    started_at: startedAt,
    completed_at: null,
    updated_at: time,
  };
  updateRows(db, schema, table, { id }, values, 1);
  return stored;
}

/** A column that holds text; `null` for anything else. */
export function textOf(value: SqlValue | undefined): string | null {
  return typeof value === 'string' ? value : null;
}

/** {@link claimPhase} as the writer takes it. */
export const claimPhaseOperation: WriteOperation<
  { readonly key: PhaseKey; readonly now: number },
  ClaimedPhase | null
> = {
  name: 'claim-phase',
  run: (db, { key, now }) => claimPhase(db, key, now),
  needs: ({ key }) => ({ runs: [key.runId], tables: 'work' }),
  subject: ({ key }) => subjectOfPhases([key]),
};
