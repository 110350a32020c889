import { clusterBootstrap } from '../statistics/clusterBootstrap.ts';
import type { Interval } from '../statistics/interval.ts';
import { ClusteredValues, clusterStride } from './clusteredValues.ts';

const repetitions = 1000;

/**
 * The 95 % intervals of quantiles (ascending) of `value` over `samples`, resampling whole phases. `null` where there is
 * only one phase. The same input gives the same intervals.
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
  const stride = clusterStride(samples.length, numbers.size);
  const clusterOf = (at: number): number => (numbers.get(phaseOf(at)) ?? 0) / stride;
  const chosen = stride === 1 ? samples : samples.filter((at) => Number.isInteger(clusterOf(at)));
  const values = new ClusteredValues(Float64Array.from(chosen, value), Uint32Array.from(chosen, clusterOf));
  const count = Math.ceil(numbers.size / stride);
  return clusterBootstrap(count, (drawn) => values.quantiles(drawn, probabilities), { repetitions });
}
