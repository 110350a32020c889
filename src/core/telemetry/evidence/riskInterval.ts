import { type Cluster, clusteredRateInterval } from '../statistics/clusteredRate.ts';
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
  readonly #clusters = new Map<number, { hits: number; size: number }>();
  #count = 0;
  #samples = 0;

  /** `phase` is any number by which samples of one phase know each other. */
  add(phase: number, hit: boolean): void {
    let cluster = this.#clusters.get(phase);
    if (cluster === undefined) this.#clusters.set(phase, (cluster = { hits: 0, size: 0 }));
    cluster.size += 1;
    this.#samples += 1;
    if (!hit) return;
    cluster.hits += 1;
    this.#count += 1;
  }

  get clusters(): readonly Cluster[] {
    return [...this.#clusters.values()];
  }

  /** `null` without a sample. */
  risk(): RiskInterval | null {
    if (this.#samples === 0) return null;
    const { low, high } = clusteredRateInterval(this.clusters);
    return {
      count: this.#count,
      samples: this.#samples,
      ratePct: (100 * this.#count) / this.#samples,
      interval: { low: 100 * low, high: 100 * high },
    };
  }
}
