import { quantileSorted } from 'simple-statistics';
import type { Interval } from './interval.ts';

/** How often to resample and from which seed. */
export interface BootstrapOptions {
  readonly repetitions?: number;
  readonly seed?: number;
}

/**
 * The 95 % percentile intervals of statistics by resampling whole clusters, since what lies in one depends on each other
 * (Davison and Hinkley 1997, Bootstrap Methods, 3.8; Field and Welsh 2007, JRSS B 69). `statistics` gets how often each
 * cluster was drawn and answers one number for each statistic, NaN where a draw says nothing; such draws are left out.
 * A statistic has no interval (`null`) with less than two clusters, or where no draw says anything. The same input gives
 * the same intervals.
 */
export function clusterBootstrap(
  clusters: number,
  statistics: (drawn: Uint32Array) => readonly number[],
  { repetitions = 2000, seed = 20_251_209 }: BootstrapOptions = {},
): readonly (Interval | null)[] {
  const random = seededRandom(seed);
  const drawn = new Uint32Array(clusters);
  const values = statistics(drawn).map((): number[] => []);
  if (clusters < 2) return values.map(() => null);
  for (let repetition = 0; repetition < repetitions; repetition += 1) {
    drawn.fill(0);
    for (let draw = 0; draw < clusters; draw += 1) {
      const cluster = Math.floor(random() * clusters);
      drawn[cluster] = (drawn[cluster] ?? 0) + 1;
    }
    for (const [index, value] of statistics(drawn).entries()) {
      if (!Number.isNaN(value)) values[index]?.push(value);
    }
  }
  return values.map(percentileInterval);
}

function percentileInterval(values: number[]): Interval | null {
  if (values.length === 0) return null;
  const sorted = values.sort((a, b) => a - b);
  return { low: quantileSorted(sorted, 0.025), high: quantileSorted(sorted, 0.975) };
}

/**
 * Numbers from 0 up to but not including 1, the same each time for one seed, so that a report can be repeated:
 * Mulberry32 (Tommy Ettinger, public domain), 32 bits of state. Good enough to resample, not for secrets.
 */
export function seededRandom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
