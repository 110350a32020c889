/**
 * By what a calibration is held back. Fixed before any telemetry is looked at: nothing here is chosen by the samples.
 * Every bar counts phases, for the calls of one phase depend on each other.
 */
export const calibrationRules = {
  /** Phases with a clean sample, in all. */
  phases: 20,
  /** The same of each kind of phase that is to move, with known deliverables. */
  groupPhases: 5,
  /** The most phases, as a share, that may be of kinds too small to judge: what happens to them cannot be promised. */
  mostUnjudged: 0.05,
  /** Different categories, complexities and deliverable buckets among the clean samples. */
  variety: 2,
  /** The most an estimate, and the safety factor, move in one step, up or down. */
  mostChange: 0.5,
  /** The most that estimates make up for what the safety factor may not do in one step. */
  mostLift: 1.3,
  /** How many phases may need more than the safe estimate. */
  alpha: 0.05,
  /** The most of one kind of phase that may; above it for certain, the proposal is withheld. */
  worstKind: 0.08,
  /** The chance that a gate holds back what is as promised, at each look. */
  falseAlarm: 0.01,
  /** The chance that a change is held for needed at any look, ever, where none is. */
  needlessChange: 0.05,
  /** Waste (predicted / actual) that a proposal may lead to: it may not both exceed this and grow by more than a quarter. */
  wasteMedian: 3,
  wasteP90: 6,
  /** The same of one kind, whose few phases say less. */
  kindWasteMedian: 4,
  kindWasteP90: 8,
  wasteGrowth: 1.25,
} as const;
