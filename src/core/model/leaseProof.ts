import type { PhaseKey } from './phase.ts';

/** Shows that a phase is leased: its key, and the number of the lease, of which a later one of the phase has a greater. */
export interface LeaseProof extends PhaseKey {
  readonly fence: string;
}
