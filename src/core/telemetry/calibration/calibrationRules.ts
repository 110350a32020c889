/** By what a calibration is held back. */
export const calibrationRules = {
  /** Clean samples in all. */
  samples: 20,
  /** Clean samples of each kind of phase that is to change. */
  groupSamples: 5,
  /** Different categories, complexities and deliverable buckets among the clean samples. */
  variety: 2,
  /** How much of the way a step goes (on the log scale): the next evidence takes the rest. */
  damping: 0.75,
  /** The most an estimate moves in one step, up or down. */
  mostChange: 0.5,
  /** How many phases may need more than the safe estimate. */
  alpha: 0.05,
  /** From so many phases on, a third is kept apart for the bound; with fewer, each phase is judged without itself. */
  splitPhases: 100,
} as const;
