/** What the exit code of every command means. */
export const exitCodes = {
  good: 0,
  /** There are findings, or phases failed. */
  findings: 1,
  /** Refused, wrong usage, or an error: nothing was done. */
  refused: 2,
  interrupted: 130,
} as const;

/** One of {@link exitCodes}. */
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];
