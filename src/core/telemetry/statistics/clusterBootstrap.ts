import { quantileSorted } from 'simple-statistics';
import type { Interval } from './interval.ts';
import { seededRandom } from './seededRandom.ts';

/** How often to resample and from which seed. */
export interface BootstrapOptions {
  readonly repetitions?: number;
  readonly seed?: number;
}

/**
 * The 95 % percentile interval of a statistic by resampling whole clusters, since what lies in one depends on each
 * other (Davison and Hinkley 1997, Bootstrap Methods, 3.8; Field and Welsh 2007, JRSS B 69). `statistic` gets how often
 * each cluster was drawn and answers NaN where a draw says nothing; such draws are left out. `null` with less than two
 * clusters. The same input gives the same interval.
 */
export function clusterBootstrap(
  clusters: number,
  statistic: (drawn: Uint32Array) => number,
  { repetitions = 2000, seed = 20_251_209 }: BootstrapOptions = {},
): Interval | null {
  if (clusters < 2) return null;
  const random = seededRandom(seed);
  const drawn = new Uint32Array(clusters);
  const values: number[] = [];
  for (let repetition = 0; repetition < repetitions; repetition += 1) {
    drawn.fill(0);
    for (let draw = 0; draw < clusters; draw += 1) {
      const cluster = Math.floor(random() * clusters);
      drawn[cluster] = (drawn[cluster] ?? 0) + 1;
    }
    const value = statistic(drawn);
    if (!Number.isNaN(value)) values.push(value);
  }
  if (values.length === 0) return null;
  const sorted = values.sort((a, b) => a - b);
  return { low: quantileSorted(sorted, 0.025), high: quantileSorted(sorted, 0.975) };
}
