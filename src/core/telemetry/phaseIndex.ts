import type { PhaseKey } from '../model/phase.ts';

/** A phase that samples belong to, and whether it and its run are in the database. */
export interface SampledPhase extends PhaseKey {
  readonly known: boolean;
}

/**
 * Numbers phases by run and phase id, so that millions of samples can name theirs in four bytes.
 * Two maps instead of one joined key: joining would build a string for every sample.
 */
export class PhaseIndex {
  readonly #byRun = new Map<string, Map<string, number>>();
  readonly #phases: SampledPhase[] = [];

  /** Notes a phase that the database holds. Do this before looking any sample's phase up. */
  addKnown(phase: PhaseKey): void {
    this.#number(phase.runId, phase.phaseId, true);
  }

  /** The number of a sample's phase; one not noted as known before is an orphan's. */
  indexOf(runId: string, phaseId: string): number {
    return this.#byRun.get(runId)?.get(phaseId) ?? this.#number(runId, phaseId, false);
  }

  /** Whether the phase with this number is in the database. */
  isKnown(index: number): boolean {
    return this.#phases[index]?.known ?? false;
  }

  /** The phases by their number. */
  phases(): readonly SampledPhase[] {
    return this.#phases;
  }

  #number(runId: string, phaseId: string, known: boolean): number {
    let ofRun = this.#byRun.get(runId);
    if (ofRun === undefined) this.#byRun.set(runId, (ofRun = new Map<string, number>()));
    const existing = ofRun.get(phaseId);
    if (existing !== undefined) return existing;
    const index = this.#phases.push({ runId, phaseId, known }) - 1;
    ofRun.set(phaseId, index);
    return index;
  }
}
