// @ts-check
import { storedNow } from './executorLog.mjs';
import { insertRow } from './tolerantTables.mjs';

/** The model name that marks a sample as synthetic: recorded, not measured. */
export const recordedModel = 'recorded-example';

/**
 * One call of the recorded model. Tokens are output tokens unless they are called otherwise.
 * @typedef {object} ModelCall
 * @property {number} predicted
 * @property {number} actual
 * @property {number} selectedBudget
 * @property {number} maxTokens - the limit that was sent
 * @property {number} inputTokens
 * @property {readonly string[]} deliverables
 * @property {boolean} success - whether the answer could be used
 */

/** @typedef {import('./phaseLedger.mjs').ClaimedPhase} ClaimedPhase */

/**
 * Symmetric error: 0 when exact, at most 200.
 * @param {ModelCall} call
 */
const smapePercent = ({ predicted, actual }) => (200 * Math.abs(predicted - actual)) / (predicted + actual);

/**
 * The line by which log parsers find samples; its format is Autopack's.
 * @param {ClaimedPhase} phase
 * @param {ModelCall} call
 */
export function estimationLogLine(phase, call) {
  return (
    `[TokenEstimationV2] predicted_output=${call.predicted} actual_output=${call.actual}` +
    ` smape=${smapePercent(call).toFixed(1)}% selected_budget=${call.selectedBudget}` +
    ` category=${phase.category} complexity=${phase.complexity} deliverables=${call.deliverables.length}` +
    ` success=${call.success ? 'True' : 'False'} stop_reason=end_turn truncated=False model=${recordedModel}`
  );
}

/**
 * Records what Autopack records of a model call: the usage, and prediction against reality.
 * @param {import('node:sqlite').DatabaseSync} database
 * @param {ClaimedPhase} phase
 * @param {ModelCall} call
 */
export function recordModelCall(database, phase, call) {
  const now = storedNow();
  insertRow(database, 'llm_usage_events', {
    provider: 'example',
    model: recordedModel,
    run_id: phase.runId,
    phase_id: phase.phaseId,
    role: 'builder',
    total_tokens: call.inputTokens + call.actual,
    prompt_tokens: call.inputTokens,
    completion_tokens: call.actual,
    created_at: now,
    is_doctor_call: 0,
  });
  insertRow(database, 'token_estimation_v2_events', {
    run_id: phase.runId,
    phase_id: phase.phaseId,
    timestamp: now,
    category: phase.category,
    complexity: phase.complexity,
    deliverable_count: call.deliverables.length,
    deliverables_json: JSON.stringify(call.deliverables),
    predicted_output_tokens: call.predicted,
    actual_output_tokens: call.actual,
    selected_budget: call.selectedBudget,
    actual_max_tokens: call.maxTokens,
    success: Number(call.success),
    truncated: 0,
    stop_reason: 'end_turn',
    model: recordedModel,
    smape_percent: smapePercent(call),
    waste_ratio: call.predicted / call.actual,
    underestimated: Number(call.actual > call.predicted),
    is_truncated_output: 0,
    created_at: now,
  });
}

/**
 * Records how a phase ended, whether or not a model was called.
 * @param {import('node:sqlite').DatabaseSync} database
 * @param {ClaimedPhase} phase
 * @param {import('./phaseLedger.mjs').PhaseResult} result
 */
export function recordPhaseOutcome(database, phase, { failureReason, call }) {
  insertRow(database, 'phase_outcome_events', {
    run_id: phase.runId,
    phase_id: phase.phaseId,
    phase_type: phase.category,
    phase_outcome: failureReason === null ? 'SUCCESS' : 'FAILED',
    stop_reason: failureReason ?? 'completed',
    tokens_used: call === null ? 0 : call.inputTokens + call.actual,
    duration_seconds: (Date.now() - phase.claimedAt) / 1000,
    model_used: call === null ? null : recordedModel,
    timestamp: storedNow(),
  });
}
