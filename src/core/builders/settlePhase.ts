import type { SqlValue, WriteDatabase, WriteOperation } from '../db/databasePorts.ts';
import { insertRow, updateRows, type Values } from '../db/tolerantRows.ts';
import { TolerantSchema } from '../db/tolerantSchema.ts';
import { subjectOfPhases } from '../identity/journalEntry.ts';
import type { ClaimKey, PhaseSettlement, RecordedCall } from '../model/executionHost.ts';
import { recordedTokens } from '../model/modelCall.ts';
import type { PhaseBrief } from '../model/phaseBrief.ts';
import { inCaseOf, normaliseState } from '../model/state.ts';
import { formatStoredTimestamp } from '../model/timestamp.ts';
import { estimationRow, outcomeRow, usageRow } from './callRows.ts';
import { phaseRow, textOf } from './claimPhase.ts';
import { readPhaseBrief } from './readPhaseBrief.ts';

/**
 * Writes how an attempt ended, with the telemetry of its calls: all of it, or nothing. Returns whether the phase still was as
 * it was claimed; where it was not, only the calls are recorded. `now` is ms since the epoch.
 */
function settlePhase(db: WriteDatabase, claim: ClaimKey, settlement: PhaseSettlement, now: number): boolean {
  const schema = TolerantSchema.read(db);
  const row = phaseRow(db, schema, claim);
  const isOurs = row !== undefined && isClaimed(row, claim, schema);
  const brief = readPhaseBrief(claim, row ?? {});
  const tokens = recordCalls(db, schema, claim, settlement, brief);
  if (!isOurs) return false;
  const { state, reason } = settlement;
  const isGivenUp = state === 'QUEUED';
  const time = formatStoredTimestamp(now);
  const used = { tokens_used: Number(row.tokens_used ?? 0) + tokens, updated_at: time };
  const changes = isGivenUp
    ? { state: claim.before.phase, builder_attempts: claim.attempt - 1, started_at: null }
    : { state: inCaseOf(textOf(row.state), state), last_failure_reason: reason, completed_at: time };
  const key = { run_id: claim.runId, phase_id: claim.phaseId };
  updateRows(db, schema, 'phases', key, { ...used, ...changes }, 1);
  const owners: readonly Owner[] = [
    { table: 'tiers', id: row.tier_id ?? null, before: claim.before.tier },
    { table: 'runs', id: claim.runId, before: claim.before.run },
  ];
  for (const owner of owners) settleOwner(db, schema, owner, isGivenUp, tokens, time);
  if (!isGivenUp) insertRow(db, schema, 'phase_outcome_events', outcomeRow(claim, settlement, brief, now));
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
  brief: PhaseBrief,
): number {
  const added: RecordedCall[] = [];
  for (const call of calls) {
    const usage = usageRow(claim, call);
    if (isRecorded(db, schema, usage)) continue;
    insertRow(db, schema, 'llm_usage_events', usage);
    insertRow(db, schema, 'token_estimation_v2_events', estimationRow(claim, call, brief));
    added.push(call);
  }
  return recordedTokens(added);
}

/** By its phase, its time and its model: calls of one phase follow one another. */
function isRecorded(db: WriteDatabase, schema: TolerantSchema, usage: Values): boolean {
  const keys = ['run_id', 'phase_id', 'created_at', 'model'];
  if (!keys.every((column) => schema.hasColumn('llm_usage_events', column))) return false;
  const condition = keys.map((column) => `${column} = ?`).join(' AND ');
  const parameters = keys.map((column) => usage[column] ?? null);
  return db.all(`SELECT 1 FROM llm_usage_events WHERE ${condition} LIMIT 1`, parameters).length > 0;
}

/** The run or tier of a phase. */
interface Owner {
  readonly table: 'runs' | 'tiers';
  readonly id: SqlValue;
  /** Its state before the claim, as stored; `null` where there was no such row. */
  readonly before: string | null;
}

/** Adds tokens to the run or tier of a phase, and moves it on or back. Does nothing where there is no such row. */
function settleOwner(
  db: WriteDatabase,
  schema: TolerantSchema,
  owner: Owner,
  isGivenUp: boolean,
  tokens: number,
  time: string,
): void {
  const { table, id } = owner;
  if (!schema.hasColumn(table, 'id')) return;
  const columns = schema.select(table, ['state', 'tokens_used']);
  const [row] = db.all(`SELECT ${columns} FROM ${table} WHERE id = ?`, [id]);
  if (row === undefined) return;
  const used = { tokens_used: Number(row.tokens_used ?? 0) + tokens, updated_at: time };
  const changes = isGivenUp ? givenBack(db, owner) : endedIfDone(db, owner, textOf(row.state), time);
  updateRows(db, schema, table, { id }, { ...used, ...changes }, 1);
}

/** Its state before, unless another phase of it is being executed. */
function givenBack(db: WriteDatabase, owner: Owner): Values {
  const isAtWork = countPhases(db, owner, `upper(state) = 'EXECUTING'`) > 0;
  return owner.before === null || isAtWork ? {} : { state: owner.before };
}

/** Its end, when no phase of it is left to do; `stored` is its state. */
function endedIfDone(db: WriteDatabase, owner: Owner, stored: string | null, time: string): Values {
  if (countPhases(db, owner, `upper(state) NOT IN ('COMPLETE', 'SKIPPED', 'FAILED')`) > 0) return {};
  const hasFailed = countPhases(db, owner, `upper(state) = 'FAILED'`) > 0;
  const done = endState[owner.table][hasFailed ? 'failed' : 'complete'];
  return { state: inCaseOf(stored, done), completed_at: time };
}

const endState = {
  tiers: { complete: 'COMPLETE', failed: 'FAILED' },
  runs: { complete: 'DONE_SUCCESS', failed: 'DONE_FAILED_REQUIRES_HUMAN_REVIEW' },
} as const;

function countPhases(db: WriteDatabase, { table, id }: Owner, condition: string): number {
  const column = table === 'runs' ? 'run_id' : 'tier_id';
  const sql = `SELECT count(*) AS n FROM phases WHERE ${column} = ? AND ${condition}`;
  return Number(db.all(sql, [id])[0]?.n ?? 0);
}

/** {@link settlePhase} as the writer takes it. Autopack has SQLite enforce no foreign keys, and older files would not stand it. */
export const settlePhaseOperation: WriteOperation<
  { readonly claim: ClaimKey; readonly settlement: PhaseSettlement; readonly now: number },
  boolean
> = {
  name: 'settle-phase',
  sqliteEnforcesKeys: () => false,
  run: (db, { claim, settlement, now }) => settlePhase(db, claim, settlement, now),
  needs: ({ claim }) => ({ runs: [claim.runId], tables: 'known' }),
  subject: ({ claim, settlement }) => ({ ...subjectOfPhases([claim]), state: settlement.state }),
};
