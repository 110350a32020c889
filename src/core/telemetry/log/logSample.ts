/** One prediction as a log tells it. Tokens are output tokens; what its format does not tell is `null`. */
export interface LogSample {
  /**
   * - `v1` tells only predicted and actual.
   * - `v2` tells everything.
   * - `fallback` is the writer's second choice: its `actual` is *total* tokens, and no stop reason is known.
   */
  readonly format: 'v1' | 'v2' | 'fallback';
  /** Milliseconds since the epoch, from the line's prefix; the log's zone is taken to be UTC, as in the database. */
  readonly timestamp: number | null;
  readonly predicted: number;
  readonly actual: number;
  readonly selectedBudget: number | null;
  /** As written; see `normaliseCategory`. */
  readonly category: string | null;
  readonly complexity: string | null;
  readonly deliverableCount: number | null;
  readonly success: boolean | null;
  readonly stopReason: string | null;
  readonly truncated: boolean | null;
  readonly model: string | null;
}

/** A sample and the number of its line, counted from 1. */
export interface LocatedSample extends LogSample {
  readonly line: number;
}

/** Samples in the order of their lines; `at` may make a new object each time. */
export interface LogSampleList {
  readonly length: number;
  at(index: number): LocatedSample | undefined;
}
