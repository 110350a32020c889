import { clusterBootstrap } from '../statistics/clusterBootstrap.ts';
import type { Interval } from '../statistics/interval.ts';
import { ClusteredValues } from './clusteredValues.ts';

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
  const clusters = Uint32Array.from(samples, (at) => numbers.get(phaseOf(at)) ?? 0);
  const values = new ClusteredValues(Float64Array.from(samples, value), clusters);
  return clusterBootstrap(numbers.size, (drawn) => values.quantiles(drawn, probabilities), { repetitions });
}
