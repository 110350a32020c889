/** What a stage found; details are printed where something failed. */
export interface StageResult {
  readonly passed: number;
  readonly failed: number;
  /** Full titles of the tests that did not run, each with its reason. */
  readonly skipped: readonly string[];
  /** Full titles of the tests that failed in a first run and ran again. */
  readonly retried: readonly string[];
  readonly details: string;
}

/** One step of `npm test`. */
export interface Stage {
  readonly name: string;
  /** What it does, for the heading. */
  readonly what: string;
  /** Stages without which this one makes no sense; where one of them failed, this one fails unrun. */
  readonly needs?: readonly string[];
  /** No other stage may run beside it. */
  readonly alone?: boolean;
  /** Left out unless asked for by name. */
  readonly onDemand?: boolean;
  /** How long it may take, in ms; it is given up then. */
  readonly longestMs?: number;
  readonly run: (signal: AbortSignal) => Promise<StageResult>;
}

/** The result of a stage that is one check. */
export function checkResult(good: boolean, details: string): StageResult {
  return { passed: good ? 1 : 0, failed: good ? 0 : 1, skipped: [], retried: [], details };
}
