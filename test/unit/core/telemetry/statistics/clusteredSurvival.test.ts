import assert from 'node:assert/strict';
import {
  survivalDesign,
  SurvivalCurve,
  type ClusteredColumn,
} from '../../../../../src/core/telemetry/statistics/survival.ts';
import { student95 } from '../../../../../src/core/telemetry/statistics/interval.ts';
import {
  drawnSurvival,
  largestByKind,
  unresolvedFrom,
} from '../../../../../src/core/telemetry/statistics/drawnSurvival.ts';
import { seededRandom } from '../../../../../src/core/telemetry/statistics/clusterBootstrap.ts';
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
      close(other.high ?? NaN, interval.high ?? NaN, 0.03);
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

  it('has the ends of intervals where the intervals of all steps have them, few of which are computed', () => {
    for (const [clusters, repeats, cut] of [
      [40, 1, 0],
      [80, 3, 20],
      [300, 4, 90],
      [2000, 2, 0],
    ] as const) {
      const known = repeated(clusters, repeats);
      const random = seededRandom(cut);
      const bounds = Float64Array.from({ length: cut }, () => random()).sort();
      const censored = { values: bounds, clusters: Uint32Array.from(bounds, (_, at) => at) };
      const shares = [0.5, 0.9, 0.95];
      const design = survivalDesign(known, censored);
      const [lows, highs]: [(number | undefined)[], (number | undefined)[]] = [[], []];
      const curve = new SurvivalCurve(known.values, censored.values);
      while (curve.advance()) {
        const { value, survival, greenwood } = curve;
        const { low, high } = design.interval(value, survival, greenwood);
        for (const [index, share] of shares.entries()) {
          if (low <= 1 - share) lows[index] ??= value;
          if (high < 1 - share && survival > 0) highs[index] ??= value;
        }
      }
      for (const [index, interval] of drawnSurvival(known, censored, shares).intervals.entries())
        if (interval !== null) assert.deepEqual(interval, { low: lows[index], high: highs[index] ?? null });
      assert.ok(drawnSurvival(known, censored, shares).intervals[0]);
    }
  });

  it('is the infinitesimal jackknife over clusters, place by place', () => {
    const known = repeated(30, 4);
    const censored = { values: Float64Array.of(0.2, 0.2, 0.7), clusters: Uint32Array.of(1, 40, 5) };
    const hazards: { value: number; own: number; sum: number; greenwood: number }[] = [];
    let sum = 0;
    const curve = new SurvivalCurve(known.values, censored.values);
    while (curve.advance()) {
      const { value, atRisk, events, greenwood } = curve;
      sum += events / atRisk ** 2;
      for (let tied = 0; tied < events; tied += 1) hazards.push({ value, own: 1 / atRisk, sum, greenwood });
    }
    // At the median of the known values, written out as Williams has it.
    const here = hazards[59];
    assert.ok(here);
    const sums = new Map<number, number>();
    const add = (cluster: number, part: number) => sums.set(cluster, (sums.get(cluster) ?? 0) + part);
    for (const [index, { value, own, sum: passed }] of hazards.entries())
      add(known.clusters[index] ?? 0, value <= here.value ? passed - own : here.sum);
    for (const [index, bound] of censored.values.entries())
      add(
        censored.clusters[index] ?? 0,
        hazards.findLast(({ value }) => value <= Math.min(bound, here.value))?.sum ?? 0,
      );
    const squares = [...sums.values()].reduce((all, part) => all + part ** 2, 0);
    const variance = (squares * 31) / 30;
    const design = survivalDesign(known, censored);
    const { low } = design.interval(here.value, 0.5, here.greenwood);
    close(low, 0.5 ** Math.exp((student95(30) * Math.sqrt(variance)) / Math.log(2)), 1e-9);
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

describe('survival of kinds that are cut off at different values', () => {
  it('has a kind unresolved from its last known value on, or from where the call itself was cut off', () => {
    const largest = largestByKind(Float64Array.of(1, 3, 2, 9), Uint32Array.of(0, 0, 0, 1));
    const found = unresolvedFrom(Float64Array.of(0.5, 4, 5), Uint32Array.of(0, 0, 1), largest);
    assert.deepEqual([...found], [3, 4, 9]);
  });

  it('has wider intervals where one kind is known by its cut-off calls only', () => {
    // Of two kinds, one is cut off at 0.4: from there on only the other is seen.
    const drawn = repeated(400, 1).values;
    const isCut = (at: number, value: number): boolean => at % 2 === 1 && value > 0.4;
    const known = drawn.filter((value, at) => !isCut(at, value));
    const cut = new Float64Array(drawn.length - known.length).fill(0.4);
    const numbered = (values: Float64Array, from: number): ClusteredColumn => ({
      values,
      clusters: Uint32Array.from(values, (_, at) => from + at),
    });
    const columns = [numbered(known, 0), numbered(cut, known.length)] as const;
    const unresolved = new Float64Array(cut.length).fill(0.4);
    const honest = drawnSurvival(...columns, [0.25, 0.75], unresolved);
    const usual = drawnSurvival(...columns, [0.25, 0.75]);
    const share = cut.length / drawn.length;
    for (const [index, { value, survival, interval }] of honest.steps.entries()) {
      const { low = NaN, high = NaN } = usual.steps[index]?.interval ?? {};
      // Cut off where the curve stood at about 0.6: of these the curve takes survival / 0.6 for above.
      const above = value > 0.4 ? share * (survival / 0.6) : 0;
      close(interval.low, Math.max(0, low - above), 0.02);
      close(interval.high, Math.min(1, high + (value > 0.4 ? share - above : 0)), 0.02);
    }
    assert.deepEqual(honest.intervals[0], usual.intervals[0]);
    // More than a quarter may be above whatever is looked at, if all that was cut off is.
    assert.equal(honest.intervals[1]?.high, null);
    assert.ok((usual.intervals[1]?.high ?? 0) > 0.4);
  });
});
