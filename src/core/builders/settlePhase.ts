import type { SqlValue, WriteDatabase, WriteOperation } from '../db/databasePorts.ts';
import { insertRow, updateRows, type Values } from '../db/tolerantRows.ts';
import { TolerantSchema } from '../db/tolerantSchema.ts';
import type { ClaimKey, PhaseSettlement } from '../model/executionHost.ts';
import { inCaseOf, normaliseState } from '../model/state.ts';
import { formatStoredTimestamp } from '../model/timestamp.ts';
import { estimationRow, outcomeRow, usageRow } from './callRows.ts';
import { phaseRow, textOf } from './claimPhase.ts';
import { briefOf } from './phaseBrief.ts';

/**
 * Writes how an attempt ended, with the telemetry of its calls: all of it, or nothing. Tells whether the phase still was as
 * it was claimed; where it was not, only the calls are recorded. `now` is ms since the epoch.
 */
function settlePhase(db: WriteDatabase, claim: ClaimKey, settlement: PhaseSettlement, now: number): boolean {
  const schema = TolerantSchema.read(db);
  const row = phaseRow(db, schema, claim);
  const isOurs = row !== undefined && isClaimed(row, claim, schema);
  const tokens = recordCalls(db, schema, claim, settlement, briefOf(claim, row ?? {}));
  if (!isOurs) return false;
  const { state, reason } = settlement;
  const time = formatStoredTimestamp(now);
  const key = { run_id: claim.runId, phase_id: claim.phaseId };
  const stored = textOf(row.state);
  const used = { tokens_used: Number(row.tokens_used ?? 0) + tokens, updated_at: time };
  if (state === 'QUEUED') {
    const back = { state: claim.before.phase, builder_attempts: claim.attempt - 1, started_at: null };
    updateRows(db, schema, 'phases', key, { ...used, ...back }, 1);
    giveBack(db, schema, 'tiers', row.tier_id ?? null, claim.before.tier, tokens, time);
    giveBack(db, schema, 'runs', claim.runId, claim.before.run, tokens, time);
    return true;
  }
  const ended = { state: inCaseOf(stored, state), last_failure_reason: reason, completed_at: time };
  updateRows(db, schema, 'phases', key, { ...used, ...ended }, 1);
  advance(db, schema, 'tiers', row.tier_id ?? null, tokens, time);
  advance(db, schema, 'runs', claim.runId, tokens, time);
  insertRow(db, schema, 'phase_outcome_events', outcomeRow(claim, settlement, briefOf(claim, row), now));
  return true;
}

function isClaimed(row: Values, { attempt }: ClaimKey, schema: TolerantSchema): boolean {
  const isCounted = schema.hasColumn('phases', 'builder_attempts');
  const attempts = isCounted ? Number(row.builder_attempts ?? 0) : 0;
  return normaliseState(textOf(row.state)) === 'EXECUTING' && attempts === attempt;
}

/** Records the calls that are not there yet, and tells how many tokens they used, input and output. */
function recordCalls(
  db: WriteDatabase,
  schema: TolerantSchema,
  claim: ClaimKey,
  { calls }: PhaseSettlement,
  brief: ReturnType<typeof briefOf>,
): number {
  let tokens = 0;
  for (const call of calls) {
    const usage = usageRow(claim, call);
    if (isRecorded(db, schema, usage)) continue;
    tokens += call.usage.input + call.usage.output;
    insertRow(db, schema, 'llm_usage_events', usage);
    insertRow(db, schema, 'token_estimation_v2_events', estimationRow(claim, call, brief));
  }
  return tokens;
}

/** By its phase, its time and its model: calls of one phase follow one another. */
function isRecorded(db: WriteDatabase, schema: TolerantSchema, usage: Values): boolean {
  const keys = ['run_id', 'phase_id', 'created_at', 'model'];
  if (!keys.every((column) => schema.hasColumn('llm_usage_events', column))) return false;
  const condition = keys.map((column) => `${column} = ?`).join(' AND ');
  const parameters = keys.map((column) => usage[column] ?? null);
  return db.all(`SELECT 1 FROM llm_usage_events WHERE ${condition} LIMIT 1`, parameters).length > 0;
}

/** Puts a run or tier back into its state before, unless another phase of it is being executed. */
function giveBack(
  db: WriteDatabase,
  schema: TolerantSchema,
  table: 'runs' | 'tiers',
  id: SqlValue,
  before: string | null,
  tokens: number,
  time: string,
): void {
  const used = tokensUsed(db, schema, table, id);
  if (used === null) return;
  const isAtWork = countPhases(db, table, id, `upper(state) = 'EXECUTING'`) > 0;
  const state = before === null || isAtWork ? {} : { state: before };
  updateRows(db, schema, table, { id }, { tokens_used: used + tokens, updated_at: time, ...state }, 1);
}

/** Adds tokens to the run or tier of a phase, and ends it when no phase of it is left to do. */
function advance(
  db: WriteDatabase,
  schema: TolerantSchema,
  table: 'runs' | 'tiers',
  id: SqlValue,
  tokens: number,
  time: string,
): void {
  const used = tokensUsed(db, schema, table, id);
  if (used === null) return;
  const left = countPhases(db, table, id, `upper(state) NOT IN ('COMPLETE', 'SKIPPED', 'FAILED')`);
  const failed = countPhases(db, table, id, `upper(state) = 'FAILED'`);
  const [row] = db.all(`SELECT ${schema.select(table, ['state'])} FROM ${table} WHERE id = ?`, [id]);
  const done = inCaseOf(textOf(row?.state), endState[table][failed > 0 ? 'failed' : 'complete']);
  const ended = left > 0 ? {} : { state: done, completed_at: time };
  updateRows(db, schema, table, { id }, { tokens_used: used + tokens, updated_at: time, ...ended }, 1);
}

const endState = {
  tiers: { complete: 'COMPLETE', failed: 'FAILED' },
  runs: { complete: 'DONE_SUCCESS', failed: 'DONE_FAILED_REQUIRES_HUMAN_REVIEW' },
} as const;

function countPhases(db: WriteDatabase, table: 'runs' | 'tiers', id: SqlValue, condition: string): number {
  const owner = table === 'runs' ? 'run_id' : 'tier_id';
  const sql = `SELECT count(*) AS n FROM phases WHERE ${owner} = ? AND ${condition}`;
  return Number(db.all(sql, [id])[0]?.n ?? 0);
}

/** `null` where there is no such row. */
function tokensUsed(
  db: WriteDatabase,
  schema: TolerantSchema,
  table: 'runs' | 'tiers',
  id: SqlValue,
): number | null {
  if (!schema.hasColumn(table, 'id')) return null;
  const [row] = db.all(`SELECT ${schema.select(table, ['tokens_used'])} FROM ${table} WHERE id = ?`, [id]);
  return row === undefined ? null : Number(row.tokens_used ?? 0);
}

/** {@link settlePhase} as the writer takes it. Autopack has SQLite enforce no foreign keys, and older files would not stand it. */
export const settlePhaseOperation: WriteOperation<
  { readonly claim: ClaimKey; readonly settlement: PhaseSettlement; readonly now: number },
  boolean
> = {
  name: 'settle-phase',
  sqliteEnforcesKeys: () => false,
  run: (db, { claim, settlement, now }) => settlePhase(db, claim, settlement, now),
};
