import type { PhaseKey, RunPosition } from './phase.ts';
import type { State } from './state.ts';

/** The last row ids of the tables that grow while phases run: rows behind them are new. 0 for an empty or missing table. */
export interface TelemetryMarks {
  readonly estimation: number;
  readonly escalation: number;
  readonly usage: number;
}

/** Rows that appeared for one phase, counted by its run and phase ids. */
export interface PhaseYield {
  /** New rows of `token_estimation_v2_events`. */
  readonly estimationEvents: number;
  /** New rows of `token_budget_escalation_events`. */
  readonly escalationEvents: number;
  /** Sum of `actual_output_tokens` of the new estimation rows. */
  readonly outputTokens: number;
  /** New rows of `llm_usage_events`, and their tokens in all. */
  readonly llmCalls: number;
  readonly llmTokens: number;
}

/** What appeared under one key, which need not be a phase that exists: events are written under run `unknown`, too. */
export interface KeyedYield extends PhaseKey {
  readonly yield: PhaseYield;
}

/** What a phase row says of the executions it has had. */
export interface PhaseWork {
  /** Each counter of attempts that the schema has, in a fixed order. */
  readonly attempts: readonly number[];
  readonly tokens: number;
  /** As stored. */
  readonly startedAt: string | null;
  readonly completedAt: string | null;
}

/** A phase row as far as a drain compares it. */
export interface PhaseSnapshot extends RunPosition {
  readonly phaseId: string;
  readonly state: State;
  readonly failureReason: string | null;
  /** `null` in a session of an earlier version, which did not keep it. */
  readonly work: PhaseWork | null;
  /** Differs when the row was touched at all, be it by a program that only looked through the queue. */
  readonly revision: string;
}

/** One phase, its run and the new telemetry, from one snapshot. */
export interface PhaseObservation {
  /** `null` when the phase is not in the database (any more). */
  readonly phase: PhaseSnapshot | null;
  /** The other phases of its run. */
  readonly siblings: readonly PhaseSnapshot[];
  readonly marks: TelemetryMarks;
  readonly hasTelemetryTable: boolean;
  /** Differs when the row of the run was changed; `null` where there is none. */
  readonly runRevision: string | null;
  /** What appeared behind the marks of the question, by the keys it was recorded under. */
  readonly yields: readonly KeyedYield[];
}

/** A yield of nothing. */
export const noYield: PhaseYield = {
  estimationEvents: 0,
  escalationEvents: 0,
  outputTokens: 0,
  llmCalls: 0,
  llmTokens: 0,
};

/** Telemetry events in all, as Autopack counts them: estimations and escalations. */
export function eventsOf(yielded: PhaseYield): number {
  return yielded.estimationEvents + yielded.escalationEvents;
}

/**
 * Tokens that were used for sure: those of the recorded model calls or, where calls are not recorded, the output tokens
 * of the samples, which are a lower bound.
 */
export function tokensOf(yielded: PhaseYield): number {
  return Math.max(yielded.llmTokens, yielded.outputTokens);
}

/** The sum of two yields. */
export function addYields(a: PhaseYield, b: PhaseYield): PhaseYield {
  return {
    estimationEvents: a.estimationEvents + b.estimationEvents,
    escalationEvents: a.escalationEvents + b.escalationEvents,
    outputTokens: a.outputTokens + b.outputTokens,
    llmCalls: a.llmCalls + b.llmCalls,
    llmTokens: a.llmTokens + b.llmTokens,
  };
}

/** What an observation holds for one phase. */
export function yieldOf(observation: PhaseObservation, { runId, phaseId }: PhaseKey): PhaseYield {
  const found = observation.yields.find((each) => each.runId === runId && each.phaseId === phaseId);
  return found?.yield ?? noYield;
}

/** Whether telemetry of a phase appeared. */
export function gaveTelemetry(observation: PhaseObservation, key: PhaseKey): boolean {
  const yielded = yieldOf(observation, key);
  return eventsOf(yielded) > 0 || yielded.llmCalls > 0;
}
