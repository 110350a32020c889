/** One row of `token_estimation_v2_events`: what was predicted for a model call and what was used. Tokens are output tokens. */
export interface TelemetryEvent {
  readonly eventId: number;
  readonly runId: string;
  readonly phaseId: string;
  /** Milliseconds since the epoch. */
  readonly timestamp: number | null;
  /** As stored; see `normaliseCategory`. */
  readonly category: string;
  readonly complexity: string;
  readonly deliverableCount: number;
  readonly deliverables: readonly string[];
  /** `null` where it could not be read. */
  readonly predicted: number | null;
  /** `null` where it could not be read. */
  readonly actual: number | null;
  /** The budget chosen from the prediction. */
  readonly selectedBudget: number | null;
  /** The limit that was really sent with the call. */
  readonly actualMaxTokens: number | null;
  readonly success: boolean;
  readonly truncated: boolean;
  readonly stopReason: string | null;
  readonly model: string;
}
