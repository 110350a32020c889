import type { Values } from '../db/tolerantRows.ts';
import type { ClaimKey, PhaseSettlement, RecordedCall } from '../model/executionHost.ts';
import { countedMark } from '../model/finishReason.ts';
import { recordedTokens } from '../model/modelCall.ts';
import type { PhaseKey } from '../model/phase.ts';
import type { PhaseBrief } from '../model/phaseBrief.ts';
import { formatStoredTimestamp } from '../model/timestamp.ts';

/**
 * The row of `llm_usage_events` that Autopack writes for a call of its builder. Where the provider reported no usage, the
 * total alone is recorded, without a split, as Autopack does it: no guessing.
 */
export function usageRow(
  { runId, phaseId }: PhaseKey,
  { provider, model, usage, finishedAt }: RecordedCall,
): Values {
  const { input, output, source } = usage;
  const isReported = source === 'reported';
  return {
    provider,
    model,
    run_id: runId,
    phase_id: phaseId,
    role: 'builder',
    total_tokens: input + output,
    prompt_tokens: isReported ? input : null,
    completion_tokens: isReported ? output : null,
    created_at: formatStoredTimestamp(finishedAt),
    is_doctor_call: 0,
  };
}

/** Autopack keeps no more deliverables of an event, and no longer ones. */
const mostDeliverables = 20;
const longestDeliverable = 200;

/** The row of `token_estimation_v2_events` that Autopack's builder writes for a call; formulas and bounds are its own. */
export function estimationRow({ runId, phaseId }: PhaseKey, call: RecordedCall, brief: PhaseBrief): Values {
  const { predicted, selectedBudget, maxTokens, stopReason, model } = call;
  const actual = call.usage.output;
  const time = formatStoredTimestamp(call.finishedAt);
  const truncated = Number(call.truncated ?? false);
  return {
    run_id: runId,
    phase_id: phaseId,
    timestamp: time,
    category: brief.category,
    complexity: brief.complexity,
    deliverable_count: brief.deliverables.length,
    deliverables_json: jsonList(brief.deliverables.slice(0, mostDeliverables).map(shortened)),
    predicted_output_tokens: predicted,
    actual_output_tokens: actual,
    selected_budget: selectedBudget,
    actual_max_tokens: maxTokens,
    success: Number(call.success),
    truncated,
    stop_reason: call.usage.source === 'counted' ? countedReason(stopReason) : stopReason,
    model,
    ...comparison(predicted, actual),
    is_truncated_output: truncated,
    created_at: time,
  };
}

function countedReason(stopReason: string | null): string {
  return stopReason === null ? countedMark : `${countedMark}:${stopReason}`;
}

function comparison(predicted: number, actual: number): Values {
  if (predicted <= 0 || actual <= 0) return { smape_percent: null, waste_ratio: null, underestimated: null };
  return {
    smape_percent: smapePercent(predicted, actual),
    waste_ratio: predicted / actual,
    underestimated: Number(actual > predicted),
  };
}

/** In percent, at most 200. */
function smapePercent(predicted: number, actual: number): number {
  return (Math.abs(actual - predicted) / Math.max(1, (actual + predicted) / 2)) * 100;
}

/** As Python's `json.dumps` writes a list of texts. */
function jsonList(texts: readonly string[]): string {
  const escaped = texts.map((text) =>
    JSON.stringify(text).replaceAll(
      /[\u007f-\uffff]/g,
      (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
    ),
  );
  return `[${escaped.join(', ')}]`;
}

function shortened(path: string): string {
  return path.length > longestDeliverable ? `${path.slice(0, longestDeliverable - 3)}...` : path;
}

/** The row of `phase_outcome_events` of an attempt that ended; `now` is ms since the epoch. */
export function outcomeRow(
  claim: ClaimKey,
  { state, reason, timedOut, calls }: PhaseSettlement,
  { category }: PhaseBrief,
  now: number,
): Values {
  const isComplete = state === 'COMPLETE';
  return {
    run_id: claim.runId,
    phase_id: claim.phaseId,
    phase_type: category,
    phase_outcome: isComplete ? 'SUCCESS' : timedOut ? 'TIMEOUT' : 'FAILED',
    stop_reason: isComplete ? 'completed' : timedOut ? 'phase_wall_clock_timeout' : 'builder_failed',
    stuck_decision_rationale: reason,
    tokens_used: recordedTokens(calls),
    duration_seconds: (now - claim.claimedAt) / 1000,
    model_used: calls.at(-1)?.model ?? null,
    timestamp: formatStoredTimestamp(now),
  };
}

/** The line by which Autopack's parsers find samples in logs, in its own format. */
export function estimationLogLine(call: RecordedCall, brief: PhaseBrief): string {
  const { predicted, selectedBudget, model, usage, success, truncated, stopReason } = call;
  return (
    `[TokenEstimationV2] predicted_output=${predicted} actual_output=${usage.output}` +
    ` smape=${smapePercent(predicted, usage.output).toFixed(1)}% selected_budget=${selectedBudget}` +
    ` category=${brief.category} complexity=${brief.complexity} deliverables=${brief.deliverables.length}` +
    ` success=${pythonWord(success)} stop_reason=${usage.source === 'counted' ? countedReason(stopReason) : (stopReason ?? 'None')}` +
    ` truncated=${pythonWord(truncated)} model=${model}`
  );
}

function pythonWord(value: boolean | null): string {
  return value === null ? 'None' : value ? 'True' : 'False';
}
