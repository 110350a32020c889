import { clusteredRateInterval, type RateClusters, type Interval } from '../statistics/interval.ts';

/** A rate with its uncertainty. */
export interface RiskInterval {
  readonly count: number;
  readonly samples: number;
  /** Percent. */
  readonly ratePct: number;
  /** 95 %, in percent; samples of one phase count as repeats, not as independent. */
  readonly interval: Interval;
}

/** Of more phases than this, a tally makes columns for all only once it has met many of them. */
const fewPhases = 4096;

/** Counts how often something happened among samples of phases, one by one. */
export class PhaseRateTally {
  readonly #phases: number;
  /** By phase, until there are many: rare models must not take memory for all phases. */
  #met: Map<number, { hits: number; size: number }> | null = null;
  #hits = new Uint32Array();
  #sizes = new Uint32Array();
  #count = 0;
  #samples = 0;

  /** Phases are numbered from 0 to below `phases`. */
  constructor(phases: number) {
    this.#phases = phases;
    if (phases > fewPhases) this.#met = new Map();
    else this.#makeColumns();
  }

  add(phase: number, hit: boolean): void {
    if (this.#met !== null) {
      this.#addMany(phase, hit ? 1 : 0, 1);
      return;
    }
    this.#samples += 1;
    this.#sizes[phase] = (this.#sizes[phase] ?? 0) + 1;
    if (!hit) return;
    this.#count += 1;
    this.#hits[phase] = (this.#hits[phase] ?? 0) + 1;
  }

  /** Counts what another tally of the same phases has counted. */
  addAll(other: PhaseRateTally): void {
    for (const [phase, { hits, size }] of other.#met ?? []) this.#addMany(phase, hits, size);
    for (let phase = 0; phase < other.#sizes.length; phase += 1) {
      const size = other.#sizes[phase] ?? 0;
      if (size > 0) this.#addMany(phase, other.#hits[phase] ?? 0, size);
    }
  }

  #addMany(phase: number, hits: number, size: number): void {
    this.#samples += size;
    this.#count += hits;
    if (this.#met === null) {
      this.#sizes[phase] = (this.#sizes[phase] ?? 0) + size;
      this.#hits[phase] = (this.#hits[phase] ?? 0) + hits;
      return;
    }
    let cluster = this.#met.get(phase);
    if (cluster === undefined) this.#met.set(phase, (cluster = { hits: 0, size: 0 }));
    cluster.size += size;
    cluster.hits += hits;
    if (this.#met.size > fewPhases) this.#makeColumns();
  }

  /** `null` without a sample. */
  risk(): RiskInterval | null {
    if (this.#samples === 0) return null;
    const { low, high } = clusteredRateInterval(this.#clusters());
    return {
      count: this.#count,
      samples: this.#samples,
      ratePct: (100 * this.#count) / this.#samples,
      interval: { low: 100 * low, high: 100 * high },
    };
  }

  #clusters(): RateClusters {
    if (this.#met === null) return { hits: this.#hits, sizes: this.#sizes };
    const met = [...this.#met.values()];
    return { hits: met.map(({ hits }) => hits), sizes: met.map(({ size }) => size) };
  }

  #makeColumns(): void {
    this.#hits = new Uint32Array(this.#phases);
    this.#sizes = new Uint32Array(this.#phases);
    for (const [phase, { hits, size }] of this.#met ?? []) {
      this.#hits[phase] = hits;
      this.#sizes[phase] = size;
    }
    this.#met = null;
  }
}
