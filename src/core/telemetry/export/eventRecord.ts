import type { TelemetryEvent } from '../../model/telemetryEvent.ts';

/** An event as the reference system exports it: these keys, in this order. */
export interface EventRecord {
  readonly run_id: string;
  readonly phase_id: string;
  /** ISO 8601 in UTC. */
  readonly timestamp: string | null;
  readonly category: string;
  readonly complexity: string;
  readonly deliverable_count: number;
  readonly deliverables: readonly string[];
  readonly predicted_output_tokens: number | null;
  readonly actual_output_tokens: number | null;
  readonly selected_budget: number | null;
  readonly actual_max_tokens: number | null;
  readonly success: boolean;
  readonly truncated: boolean;
  readonly stop_reason: string | null;
  readonly model: string;
  readonly smape_percent: number | null;
  readonly waste_ratio: number | null;
  readonly underestimated: boolean | null;
}

/** The record of an event; its metrics by the reference's formulas, `null` where a figure is missing. */
export function eventRecord(event: TelemetryEvent): EventRecord {
  const { predicted, actual } = event;
  const isMeasured = predicted !== null && actual !== null;
  return {
    run_id: event.runId,
    phase_id: event.phaseId,
    timestamp: event.timestamp === null ? null : new Date(event.timestamp).toISOString(),
    category: event.category,
    complexity: event.complexity,
    deliverable_count: event.deliverableCount,
    deliverables: event.deliverables,
    predicted_output_tokens: predicted,
    actual_output_tokens: actual,
    selected_budget: event.selectedBudget,
    actual_max_tokens: event.actualMaxTokens,
    success: event.success,
    truncated: event.truncated,
    stop_reason: event.stopReason,
    model: event.model,
    smape_percent:
      isMeasured && predicted + actual > 0
        ? (200 * Math.abs(predicted - actual)) / (predicted + actual)
        : null,
    waste_ratio: isMeasured && actual > 0 ? predicted / actual : null,
    underestimated: isMeasured ? actual > predicted : null,
  };
}
