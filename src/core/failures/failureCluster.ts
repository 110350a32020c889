import type { FailureClass } from '../drain/failureClass.ts';
import type { PhaseKey } from '../model/phase.ts';

/** A phase in state FAILED, and what is known of why. */
export interface FailedPhase extends PhaseKey {
  /** As stored; `null` where neither the phase nor its run says. */
  readonly reason: string | null;
  /** By the phase's own reason, as a drain sorts it; what its run says is about more than the phase. */
  readonly failureClass: FailureClass;
  /** When it failed, as far as the database says; ms since the epoch. */
  readonly failedAt: number | null;
}

/** Phases of any runs that failed in the same way: their reasons have one fingerprint. */
export interface FailureCluster {
  /** `<version of the masks>:<masked text>`; equal fingerprints mean the same failure. */
  readonly fingerprint: string;
  /** What its phases have in common: the reason without what differs; empty where no reason was recorded. */
  readonly maskedText: string;
  /** The latest reason as stored, at most 1,000 characters; `null` where none was recorded. */
  readonly sample: string | null;
  /** Of the latest. */
  readonly failureClass: FailureClass;
  /** How many phases. */
  readonly count: number;
  /** How many runs they are of. */
  readonly runs: number;
  /** ms since the epoch; `null` where no phase says. */
  readonly lastSeen: number | null;
  /** All of them, the latest failure first. */
  readonly phases: readonly PhaseKey[];
}

/** The failures of a database. */
export interface FailureReport {
  /** How many phases are FAILED. */
  readonly failedPhases: number;
  /** How many runs have one. */
  readonly failedRuns: number;
  /** The largest first; of equal size, the latest first. */
  readonly clusters: readonly FailureCluster[];
}
