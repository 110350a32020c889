/** Two parts of the evidence held against each other: log ratios, less the mean of their kind of phase, one value a phase. */
export interface DriftComparison {
  /** What is compared: `model a / others`, `earlier / later half`. */
  readonly label: string;
  /** Where models are compared: which, the second `null` for all others together. */
  readonly models?: readonly [first: string, second: string | null];
  /** Phases on either side. */
  readonly sizes: readonly [number, number];
  /** Median actual / predicted of the first part over that of the second, kinds of phase held equal. */
  readonly factor: number;
  /** Two-sided, rank-sum test; Holm's correction over all comparisons made. */
  readonly pValue: number;
  /** Certain (p < 0.01) and large (25 % or more) enough that one calibration cannot serve both parts. */
  readonly blocking: boolean;
}

/** A lasting change in time that the cumulative sum shows. */
export interface DriftAlarm {
  readonly direction: 'up' | 'down';
  /** When the sum crossed its limit: ms since the epoch. */
  readonly at: number;
  /** When it last stood at zero before: the likely beginning. */
  readonly since: number;
}

/** Whether the evidence is of one kind. */
export interface DriftFigures {
  readonly comparisons: readonly DriftComparison[];
  readonly alarm: DriftAlarm | null;
  /** False where too few samples tell their time to look for a change. */
  readonly timed: boolean;
}
