import { clusteredRateInterval } from '../statistics/clusteredRate.ts';
import type { Interval } from '../statistics/interval.ts';

/** A rate with its uncertainty. */
export interface RiskInterval {
  readonly count: number;
  readonly samples: number;
  /** Percent. */
  readonly ratePct: number;
  /** 95 %, in percent; samples of one phase count as repeats, not as independent. */
  readonly interval: Interval;
}

/** Counts how often something happened among samples of phases, one by one. */
export class PhaseRateTally {
  readonly #clusters: { readonly hits: Uint32Array; readonly sizes: Uint32Array };
  #count = 0;
  #samples = 0;

  /** Phases are numbered from 0 to below `phases`. */
  constructor(phases: number) {
    this.#clusters = { hits: new Uint32Array(phases), sizes: new Uint32Array(phases) };
  }

  add(phase: number, hit: boolean): void {
    const { hits, sizes } = this.#clusters;
    sizes[phase] = (sizes[phase] ?? 0) + 1;
    this.#samples += 1;
    if (!hit) return;
    hits[phase] = (hits[phase] ?? 0) + 1;
    this.#count += 1;
  }

  /** `null` without a sample. */
  risk(): RiskInterval | null {
    if (this.#samples === 0) return null;
    const { low, high } = clusteredRateInterval(this.#clusters);
    return {
      count: this.#count,
      samples: this.#samples,
      ratePct: (100 * this.#count) / this.#samples,
      interval: { low: 100 * low, high: 100 * high },
    };
  }
}
