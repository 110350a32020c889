import assert from 'node:assert/strict';
import {
  clusteredRateInterval,
  effectiveSamples,
  wilsonInterval,
} from '../../../../../src/core/telemetry/statistics/interval.ts';
import { close } from './close.ts';

const repeated = (times: number, cluster: { hits: number; size: number }) =>
  Array.from({ length: times }, () => cluster);
const columns = (...clusters: readonly { hits: number; size: number }[]) => ({
  hits: clusters.map(({ hits }) => hits),
  sizes: clusters.map(({ size }) => size),
});

describe('rate over clusters', () => {
  it('is Wilson by itself where every cluster has one sample', () => {
    const clusters = columns(...repeated(3, { hits: 1, size: 1 }), ...repeated(17, { hits: 0, size: 1 }));
    assert.equal(effectiveSamples(clusters), 20);
    assert.deepEqual(clusteredRateInterval(clusters), wilsonInterval(3, 20));
  });

  it('counts a cluster once where its samples are all alike', () => {
    const clusters = columns(...repeated(6, { hits: 4, size: 4 }), ...repeated(14, { hits: 0, size: 4 }));
    // 20 clusters, less the degree of freedom that the rate costs; never fewer than the clusters.
    assert.equal(effectiveSamples(clusters), 20);
  });

  it('counts every sample where clusters are as mixed as chance makes them, and no more', () => {
    assert.equal(effectiveSamples(columns(...repeated(20, { hits: 2, size: 4 }), { hits: 0, size: 0 })), 80);
  });

  it('takes the cautious number where no sample tells', () => {
    close(
      effectiveSamples(columns(...repeated(10, { hits: 0, size: 1 }), { hits: 0, size: 10 })),
      400 / 110,
      1e-9,
    );
    assert.deepEqual(clusteredRateInterval(columns()), { low: 0, high: 1 });
  });
});
