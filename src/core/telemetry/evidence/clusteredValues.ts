/** More values than this only cost time: of more, an even selection in order of size is kept. */
const mostValues = 5000;
/** Fewer clusters than this are never thinned out. */
const leastClusters = 1000;

/**
 * Which clusters to resample where there are very many samples: every n-th. That only makes intervals wider.
 */
export function clusterStride(samples: number, clusters: number): number {
  return Math.max(1, Math.min(Math.ceil(samples / mostValues), Math.floor(clusters / leastClusters)));
}

/** Values, each of a cluster (a phase, by number from 0), whose quantiles are asked for again and again as clusters are redrawn. */
export class ClusteredValues {
  readonly #values: Float64Array;
  readonly #clusters: Uint32Array;
  /** How many values each cluster has. */
  readonly #sizes: Uint32Array;

  /** Both columns are equally long, in any order. */
  constructor(values: Float64Array, clusters: Uint32Array) {
    const order = Uint32Array.from(values, (_, index) => index).sort(
      (a, b) => (values[a] ?? NaN) - (values[b] ?? NaN),
    );
    const every = Math.max(1, Math.floor(values.length / mostValues));
    const kept = every === 1 ? order : order.filter((_, rank) => rank % every === every >> 1);
    this.#values = Float64Array.from(kept, (index) => values[index] ?? NaN);
    this.#clusters = Uint32Array.from(kept, (index) => clusters[index] ?? 0);
    this.#sizes = new Uint32Array(this.#clusters.reduce((most, cluster) => Math.max(most, cluster + 1), 0));
    for (const cluster of this.#clusters) this.#sizes[cluster] = (this.#sizes[cluster] ?? 0) + 1;
  }

  /**
   * For each of `probabilities` (ascending), the smallest value that this share does not exceed, with each cluster as
   * often as it was drawn; NaN where none was.
   */
  quantiles(drawn: Uint32Array, probabilities: readonly number[]): number[] {
    let total = 0;
    for (let at = 0; at < this.#sizes.length; at += 1) total += (drawn[at] ?? 0) * (this.#sizes[at] ?? 0);
    const found: number[] = [];
    let sum = 0;
    for (let at = 0; at < this.#clusters.length && found.length < probabilities.length; at += 1) {
      sum += drawn[this.#clusters[at] ?? 0] ?? 0;
      while (sum > 0 && sum >= (probabilities[found.length] ?? Infinity) * total) {
        found.push(this.#values[at] ?? NaN);
      }
    }
    return probabilities.map((_, index) => found[index] ?? NaN);
  }
}
