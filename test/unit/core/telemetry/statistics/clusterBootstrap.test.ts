import assert from 'node:assert/strict';
import {
  clusterBootstrap as bootstrapAll,
  seededRandom,
  type BootstrapOptions,
} from '../../../../../src/core/telemetry/statistics/clusterBootstrap.ts';
import type { Interval } from '../../../../../src/core/telemetry/statistics/interval.ts';
import { close } from './close.ts';

/** The interval of one statistic. */
function clusterBootstrap(
  clusters: number,
  statistic: (drawn: Uint32Array) => number,
  options?: BootstrapOptions,
): Interval | null {
  return bootstrapAll(clusters, (drawn) => [statistic(drawn)], options)[0] ?? null;
}

describe('cluster bootstrap', () => {
  const total = (values: readonly number[]) => (drawn: Uint32Array) =>
    drawn.reduce((sum, times, cluster) => sum + times * (values[cluster] ?? 0), 0) / values.length;

  // Efron and Tibshirani 1993, table 2.1: survival of the 7 treated mice, mean 86.86, bootstrap error 23.36 (limit).
  it('spreads as the textbook has it', () => {
    const mice = [94, 197, 16, 38, 99, 141, 23];
    let values: number[] = [];
    clusterBootstrap(
      mice.length,
      (drawn) => {
        const mean = total(mice)(drawn);
        values.push(mean);
        return mean;
      },
      { repetitions: 20_000 },
    );
    // The first call asks how many statistics there are, and draws nothing.
    values = values.slice(1);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
    close(mean, 86.857, 0.5);
    close(deviation, 23.36, 0.4);
  });

  it('is the same for the same seed, and asks for two clusters', () => {
    const statistic = total([1, 5, 2, 8, 3]);
    assert.deepEqual(clusterBootstrap(5, statistic), clusterBootstrap(5, statistic));
    assert.notDeepEqual(
      clusterBootstrap(5, statistic),
      clusterBootstrap(5, statistic, { seed: 1, repetitions: 50 }),
    );
    assert.equal(clusterBootstrap(1, statistic), null);
    assert.equal(
      clusterBootstrap(5, () => NaN),
      null,
    );
  });

  it('covers a mean of dependent samples nearly as stated, where treating them as independent does not', () => {
    const random = seededRandom(3);
    const repetitions = 200;
    const covered = { clusters: 0, samples: 0 };
    for (let repetition = 0; repetition < repetitions; repetition += 1) {
      // 30 phases of 4 equal samples each, uniform with mean 0.5.
      const phases = Array.from({ length: 30 }, random);
      const holds = (values: readonly number[]): boolean => {
        const interval = clusterBootstrap(values.length, total(values), {
          repetitions: 300,
          seed: repetition,
        });
        return interval !== null && interval.low <= 0.5 && 0.5 <= interval.high;
      };
      covered.clusters += Number(holds(phases));
      covered.samples += Number(holds(phases.flatMap((value) => [value, value, value, value])));
    }
    assert.ok(covered.clusters / repetitions > 0.9, `${covered.clusters} of ${repetitions}`);
    assert.ok(covered.samples / repetitions < 0.8, `${covered.samples} of ${repetitions}`);
  });
});
