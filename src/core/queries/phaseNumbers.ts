import { Interner } from '../telemetry/interner.ts';
import type { PhaseIndex } from '../telemetry/phaseIndex.ts';

/** Finds the phase of a row by the numbers of its two texts; neighbours mostly are of one phase. */
export class PhaseNumbers {
  readonly runs = new Interner((text) => text ?? '');
  readonly ids = new Interner((text) => text ?? '');
  readonly #phases: PhaseIndex;
  #run = -1;
  #id = -1;
  #phase = 0;

  constructor(phases: PhaseIndex) {
    this.#phases = phases;
  }

  /** The number of the phase in the index, where it is noted if it was not known. */
  phase(run: number, id: number): number {
    if (run !== this.#run || id !== this.#id) {
      this.#run = run;
      this.#id = id;
      this.#phase = this.#phases.indexOf(this.runs.name(run) ?? '', this.ids.name(id) ?? '');
    }
    return this.#phase;
  }

  /** The same, but `undefined` where the index does not hold it. */
  find(run: number, id: number): number | undefined {
    return this.#phases.find(this.runs.name(run) ?? '', this.ids.name(id) ?? '');
  }
}
