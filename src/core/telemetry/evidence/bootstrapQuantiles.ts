import { clusterBootstrap } from '../statistics/clusterBootstrap.ts';
import type { Interval } from '../statistics/interval.ts';

/** Beyond this many samples an even selection of phases is resampled, which only makes the intervals wider. */
const mostSamples = 20_000;
const repetitions = 1000;

/**
 * The 95 % intervals of quantiles of `value` over `samples`, resampling whole phases. `null` where there is only one
 * phase. The same input gives the same intervals.
 */
export function bootstrapQuantiles(
  samples: Uint32Array,
  value: (at: number) => number,
  phaseOf: (at: number) => number,
  probabilities: readonly number[],
): readonly (Interval | null)[] {
  const numbers = new Map<number, number>();
  for (const at of samples) {
    const phase = phaseOf(at);
    if (!numbers.has(phase)) numbers.set(phase, numbers.size);
  }
  const every = Math.ceil(samples.length / mostSamples);
  const clusterOf = (at: number): number => (numbers.get(phaseOf(at)) ?? 0) / every;
  const chosen = samples.filter((at) => Number.isInteger(clusterOf(at)));
  const sorted = [...chosen].sort((a, b) => value(a) - value(b));
  const values = Float64Array.from(sorted, value);
  const clusters = Uint32Array.from(sorted, clusterOf);
  const count = Math.ceil(numbers.size / every);
  return probabilities.map((probability) =>
    clusterBootstrap(count, (drawn) => drawnQuantile(values, clusters, drawn, probability), { repetitions }),
  );
}

/** The quantile of sorted values, each as often as its cluster was drawn. */
function drawnQuantile(
  values: Float64Array,
  clusters: Uint32Array,
  drawn: Uint32Array,
  probability: number,
): number {
  let total = 0;
  for (const cluster of clusters) total += drawn[cluster] ?? 0;
  let sum = 0;
  for (const [at, cluster] of clusters.entries()) {
    sum += drawn[cluster] ?? 0;
    if (sum >= probability * total) return values[at] ?? NaN;
  }
  return NaN;
}
