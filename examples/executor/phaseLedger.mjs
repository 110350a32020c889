// @ts-check
import { storedNow } from './executorLog.mjs';
import { recordedAnswer } from './recordedAnswer.mjs';
import { Refusal } from './refusal.mjs';
import { readPhase, readRow } from './storedPhase.mjs';
import { recordModelCall, recordPhaseOutcome } from './telemetryRows.mjs';
import { inTransaction, updateRows } from './tolerantTables.mjs';

/** @typedef {import('node:sqlite').DatabaseSync} Database */
/** @typedef {import('node:sqlite').SQLOutputValue} Stored */

/**
 * A phase that this process has moved to EXECUTING; `claimedAt` is in ms since the epoch.
 * @typedef {import('./storedPhase.mjs').StoredPhase & { requeued: boolean, claimedAt: number }} ClaimedPhase
 */

/**
 * @typedef {object} PhaseResult
 * @property {string | null} failureReason - `null` for a phase that is complete
 * @property {import('./telemetryRows.mjs').ModelCall | null} call - `null` if no model was called
 */

/**
 * Moves a phase to EXECUTING and commits, so that everyone sees it and nobody else takes it.
 * @param {Database} database
 * @param {{ runId: string, phaseId: string, force: boolean }} request
 * @returns {ClaimedPhase}
 */
export function claimPhase(database, { runId, phaseId, force }) {
  return inTransaction(database, () => {
    if (readRow(database, 'runs', runId) === undefined) throw new Refusal(`There is no run ${runId}.`);
    const phase = readPhase(database, { runId, phaseId });
    if (phase === undefined) throw new Refusal(`Run ${runId} has no phase ${phaseId}.`);
    const requeued = phase.state === 'FAILED' && force;
    if (phase.state !== 'QUEUED' && !requeued) throw notRunnable(phase);
    // Somebody's real backlog must not be marked FAILED, or lose its failure reasons, for want of a recording.
    if (recordedAnswer(phaseId) === null) throw notRecorded(phaseId);
    const now = storedNow();
    const attempts = phase.attempts + 1;
    updateRows(database, 'phases', keyOf(phase), {
      state: 'EXECUTING',
      builder_attempts: attempts,
      last_attempt_timestamp: now,
      last_failure_reason: null,
      started_at: now,
      completed_at: null,
      updated_at: now,
    });
    begin(database, 'tiers', phase.tierRowId, 'IN_PROGRESS');
    begin(database, 'runs', runId, 'PHASE_EXECUTION');
    return { ...phase, state: 'EXECUTING', attempts, requeued, claimedAt: Date.now() };
  });
}

/**
 * Writes how a phase ended, with its telemetry if that is enabled: all of it, or nothing.
 * @param {Database} database
 * @param {ClaimedPhase} phase
 * @param {PhaseResult} result
 * @param {boolean} telemetry
 */
export function settlePhase(database, phase, result, telemetry) {
  inTransaction(database, () => {
    const stored = readPhase(database, phase);
    if (stored?.state !== 'EXECUTING' || stored.attempts !== phase.attempts) {
      const found = stored?.state ?? 'deleted';
      throw new Error(`${phase.phaseId} was changed by another program (${found}): it is left as it is.`);
    }
    const { failureReason, call } = result;
    const complete = failureReason === null;
    const tokens = call === null ? 0 : call.inputTokens + call.actual;
    const now = storedNow();
    updateRows(database, 'phases', keyOf(phase), {
      state: complete ? 'COMPLETE' : 'FAILED',
      last_failure_reason: failureReason,
      tokens_used: stored.tokensUsed + tokens,
      completed_at: complete ? now : null,
      updated_at: now,
    });
    advance(database, 'tiers', phase.tierRowId, tokens, 'COMPLETE');
    advance(database, 'runs', phase.runId, tokens, 'DONE_SUCCESS');
    if (!telemetry) return;
    if (call !== null) recordModelCall(database, phase, call);
    recordPhaseOutcome(database, phase, result);
  });
}

/**
 * Marks the run or tier of a phase as being worked on.
 * @param {Database} database
 * @param {'runs' | 'tiers'} table
 * @param {Stored} id
 * @param {string} state
 */
function begin(database, table, id, state) {
  const row = readRow(database, table, id);
  if (row === undefined) return;
  const now = storedNow();
  const startedAt = row.started_at ?? now;
  updateRows(database, table, { id }, { state, started_at: startedAt, completed_at: null, updated_at: now });
}

/**
 * Adds tokens to the run or tier of a phase, and ends it when no phase of it is left to do.
 * @param {Database} database
 * @param {'runs' | 'tiers'} table
 * @param {Stored} id
 * @param {number} tokens
 * @param {string} doneState
 */
function advance(database, table, id, tokens, doneState) {
  const row = readRow(database, table, id);
  if (row === undefined) return;
  const owner = table === 'runs' ? 'run_id' : 'tier_id';
  const unfinished = `SELECT 1 FROM phases WHERE ${owner} = ? AND upper(state) NOT IN ('COMPLETE', 'SKIPPED')`;
  const now = storedNow();
  const done = database.prepare(unfinished).get(id) === undefined;
  const tokensUsed = Number(row.tokens_used ?? 0) + tokens;
  const changes = { tokens_used: tokensUsed, updated_at: now };
  updateRows(database, table, { id }, done ? { ...changes, state: doneState, completed_at: now } : changes);
}

/** @param {import('./storedPhase.mjs').StoredPhase} phase */
function notRunnable({ phaseId, state }) {
  const hint = state === 'FAILED' ? ' Pass --force to queue it again.' : ' Only QUEUED phases are run.';
  return new Refusal(`${phaseId} is ${state}.${hint}`);
}

/** @param {string} phaseId */
function notRecorded(phaseId) {
  return new Refusal(
    `No answer is recorded for ${phaseId}: this example executes the seeded phases only. ` +
      'To execute others, open the root of the Autopack repository.',
  );
}

/** @param {{ runId: string, phaseId: string }} key */
const keyOf = ({ runId, phaseId }) => ({ run_id: runId, phase_id: phaseId });
