/** Values, each of a cluster (a phase, by number from 0), whose quantiles are asked for again and again as clusters are redrawn. */
export class ClusteredValues {
  readonly #values: Float64Array;
  readonly #clusters: Uint32Array;

  /** Both columns are equally long, in any order. */
  constructor(values: Float64Array, clusters: Uint32Array) {
    const order = Uint32Array.from(values, (_, index) => index).sort(
      (a, b) => (values[a] ?? NaN) - (values[b] ?? NaN),
    );
    this.#values = Float64Array.from(order, (index) => values[index] ?? NaN);
    this.#clusters = Uint32Array.from(order, (index) => clusters[index] ?? 0);
  }

  /** The smallest value that a share of `probability` does not exceed, with each cluster as often as it was drawn. */
  quantile(drawn: Uint32Array, probability: number): number {
    let total = 0;
    for (const cluster of this.#clusters) total += drawn[cluster] ?? 0;
    let sum = 0;
    for (let at = 0; at < this.#clusters.length; at += 1) {
      sum += drawn[this.#clusters[at] ?? 0] ?? 0;
      if (sum > 0 && sum >= probability * total) return this.#values[at] ?? NaN;
    }
    return NaN;
  }
}

/** Beyond this many samples an even selection of clusters is resampled, which only makes intervals wider. */
const mostSamples = 20_000;

/** Which clusters to resample: every n-th, so many that the samples stay few enough. */
export function clusterStride(samples: number): number {
  return Math.max(1, Math.ceil(samples / mostSamples));
}
