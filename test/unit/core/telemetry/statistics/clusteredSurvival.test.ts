import assert from 'node:assert/strict';
import {
  type ClusteredColumn,
  survivalDesign,
} from '../../../../../src/core/telemetry/statistics/clusteredSurvival.ts';
import { student95 } from '../../../../../src/core/telemetry/statistics/interval.ts';
import { drawnSurvival } from '../../../../../src/core/telemetry/statistics/drawnSurvival.ts';
import { seededRandom } from '../../../../../src/core/telemetry/statistics/seededRandom.ts';
import { close } from './close.ts';

const nothing: ClusteredColumn = { values: new Float64Array(), clusters: new Uint32Array() };

/** Each of `clusters` values `repeats` times: repeats that tell nothing new. */
function repeated(clusters: number, repeats: number): ClusteredColumn {
  const random = seededRandom(clusters);
  const drawn = Float64Array.from({ length: clusters }, () => random()).sort();
  return {
    values: Float64Array.from(
      { length: clusters * repeats },
      (_, at) => drawn[Math.floor(at / repeats)] ?? NaN,
    ),
    clusters: Uint32Array.from({ length: clusters * repeats }, (_, at) => Math.floor(at / repeats)),
  };
}

describe('survival over clusters', () => {
  it('is no surer by repeats of the same: five copies of each of 60 values tell what the 60 do', () => {
    const [once, copies] = [1, 5].map((repeats) => {
      const { intervals } = drawnSurvival(repeated(60, repeats), nothing, [0.5, 0.9]);
      return intervals;
    });
    for (const [index, interval] of (once ?? []).entries()) {
      const other = copies?.[index];
      assert.ok(interval && other);
      close(other.low, interval.low, 0.03);
      close(other.high, interval.high, 0.03);
    }
  });

  it('is the formula of Greenwood where every cluster has one value', () => {
    const design = survivalDesign(repeated(40, 1), nothing);
    assert.equal(design.clusters, 40);
    const { low, high } = design.interval(0.5, 0.5, 1 / 40);
    close(low, 0.5 ** Math.exp((1.959964 * Math.sqrt(1 / 40)) / Math.log(2)), 1e-6);
    close(high, 0.5 ** Math.exp((-1.959964 * Math.sqrt(1 / 40)) / Math.log(2)), 1e-6);
  });

  it('counts the clusters of censored values too', () => {
    const censored = { values: Float64Array.of(0.1, 0.2), clusters: Uint32Array.of(3, 99) };
    assert.equal(survivalDesign(repeated(40, 1), censored).clusters, 41);
  });
});

describe("Student's t", () => {
  // Tables: t(0.975) of 4, 10, 30 and 120 degrees of freedom.
  for (const [freedom, expected] of [
    [4, 2.7764],
    [10, 2.2281],
    [30, 2.0423],
    [120, 1.9799],
  ] as const) {
    it(`reaches ${expected} with ${freedom} degrees of freedom`, () => {
      close(student95(freedom), expected, 0.01 * expected);
    });
  }
});
