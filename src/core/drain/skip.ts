/** Why a candidate can be left. */
export const skipCodes = [
  'run-prefix',
  'run-deprioritised',
  'run-stopped',
  'run-timeouts',
  'phase-attempts',
  'phase-changed',
  'earlier-queued',
  'drain-ended',
] as const;

/** One of {@link skipCodes}. */
export type SkipCode = (typeof skipCodes)[number];

/** Why a candidate is not taken, for programs and for people. */
export interface Skip {
  readonly code: SkipCode;
  /** One sentence, the same for all candidates it holds for. */
  readonly reason: string;
}
