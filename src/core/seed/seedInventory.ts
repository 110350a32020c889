import type { PhaseKind } from '../telemetry/coverage/coverage.ts';

/** What earlier runs of a database have taken, so that a new run does not collide with them. */
export interface SeedInventory {
  /** Of telemetry runs. */
  readonly runIds: readonly string[];
  readonly phaseIds: readonly string[];
  /** Files in the telemetry folder that some phase delivers, relative to the repository root. */
  readonly deliverables: readonly string[];
  /** The QUEUED phases, by kind. */
  readonly waiting: readonly PhaseKind[];
}
