/** Why a candidate is not taken. */
export type SkipCode =
  | 'run-prefix'
  | 'run-deprioritised'
  | 'run-stopped'
  | 'run-timeouts'
  | 'phase-attempts'
  | 'phase-changed'
  | 'drain-ended';

/** Why a candidate is not taken, for programs and for people. */
export interface Skip {
  readonly code: SkipCode;
  /** One sentence, the same for all candidates it holds for. */
  readonly reason: string;
}
