import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { exceedanceChance } from '../../../../../src/core/telemetry/statistics/alwaysValid.ts';
import { BinomialDistribution } from '../../../../../src/core/telemetry/statistics/binomialDistribution.ts';
import { student95 } from '../../../../../src/core/telemetry/statistics/interval.ts';
import { SurvivalCurve } from '../../../../../src/core/telemetry/statistics/survival.ts';
import { nonNegativeLeastSquares } from '../../../../../src/core/telemetry/statistics/nonNegativeLeastSquares.ts';
import { rankSumTest } from '../../../../../src/core/telemetry/statistics/rankSum.ts';
import { seededRandom } from '../../../../../src/core/telemetry/statistics/clusterBootstrap.ts';
import { skipBecause } from '../../../../support/skipBecause.ts';
import { close } from '../../../../unit/core/telemetry/statistics/close.ts';

const script = join(import.meta.dirname, '../../../../support/secondStatistics.py');
/** Debian's package belongs to Debian's Python, which need not be the first one found. */
const pythons = ['/usr/bin/python3', 'python3'];

/** A question for SciPy, what we answer, and how close both must be. */
interface Comparison {
  readonly name: string;
  readonly question: Readonly<Record<string, unknown>>;
  readonly ours: readonly number[];
  readonly within: number;
}

const random = seededRandom(77);
/** Few different numbers, so that there are ties. */
const draw = (count: number, levels: number): number[] =>
  Array.from({ length: count }, () => 1 + Math.floor(levels * random()));

const sorted = (values: readonly number[]) => Float64Array.from(values).sort();

function survivals(): Comparison[] {
  return [5, 30, 200].map((count) => {
    const [known, censored] = [draw(count, count / 2), draw(Math.ceil(count / 4), count)];
    const ours: number[] = [];
    const curve = new SurvivalCurve(sorted(known), sorted(censored));
    while (curve.advance()) ours.push(curve.survival);
    return {
      name: `Kaplan-Meier of ${count}`,
      question: { kind: 'survival', known, censored },
      ours,
      within: 1e-12,
    };
  });
}

function leastSquares(): Comparison[] {
  return [2, 5, 11].map((unknowns) => {
    const rows = Array.from({ length: 4 * unknowns }, () => ({
      factors: Array.from({ length: unknowns }, random),
      // Some unknowns would be negative.
      target: 3 * random() - 1,
      weight: 1 + Math.floor(5 * random()),
    }));
    const question = {
      kind: 'nnls',
      matrix: rows.map(({ factors }) => factors),
      target: rows.map(({ target }) => target),
      weights: rows.map(({ weight }) => weight),
    };
    const ours = nonNegativeLeastSquares(rows, unknowns);
    return { name: `non-negative least squares of ${unknowns}`, question, ours, within: 1e-7 };
  });
}

function binomials(): Comparison[] {
  return (
    [
      [20, 0.05],
      [59, 0.95],
      [100_000, 0.5],
      [400, 0.08],
    ] as const
  ).map(([trials, chance]) => {
    const middle = Math.round(trials * chance);
    const counts = [0, 1, middle - 1, middle, middle + 2, trials].filter((count) => count >= 0);
    const ours = counts.map((count) => new BinomialDistribution(trials, chance).atMost(count));
    return {
      name: `binomial ${trials}`,
      question: { kind: 'binomial', counts, trials, chance },
      ours,
      within: 1e-10,
    };
  });
}

function exceedances(): Comparison[] {
  return (
    [
      [40, 39, 20],
      [100, 96, 50],
      [300, 286, 100],
    ] as const
  ).map(([earlier, rank, later]) => {
    const counts = [0, 1, 3, 6, 10];
    const ours = counts.map((count) => exceedanceChance(count, later, rank, earlier));
    return {
      name: `exceedances of ${later}`,
      question: { kind: 'exceedance', earlier, rank, later, counts },
      ours,
      within: 1e-9,
    };
  });
}

function rankSums(): Comparison[] {
  return (
    [
      [8, 9, 4],
      [40, 25, 10],
      [150, 150, 1000],
    ] as const
  ).map(([m, n, levels]) => {
    const [first, second] = [draw(m, levels), draw(n, levels).map((value) => value + 1)];
    const { u, pValue } = rankSumTest(sorted(first), sorted(second));
    return {
      name: `rank-sum of ${m} and ${n}`,
      question: { kind: 'rankSum', first, second },
      ours: [u, pValue],
      within: 1e-6,
    };
  });
}

describe('statistics, by a second implementation', () => {
  const freedoms = [4, 9, 30, 200];
  const comparisons = [
    ...survivals(),
    ...leastSquares(),
    ...binomials(),
    ...exceedances(),
    ...rankSums(),
    {
      name: "Student's t",
      question: { kind: 'student', freedoms },
      ours: freedoms.map(student95),
      within: 0.02,
    },
  ];
  let theirs: readonly (readonly number[])[] = [];

  before(function () {
    this.timeout(60_000);
    const python = pythons.find(
      (path) => spawnSync(path, ['-c', 'import scipy.stats, scipy.optimize']).status === 0,
    );
    if (python === undefined) return skipBecause(this, 'no Python with SciPy: install python3-scipy');
    const input = JSON.stringify(comparisons.map(({ question }) => question));
    theirs = JSON.parse(execFileSync(python, [script], { input, encoding: 'utf8' })) as typeof theirs;
  });

  for (const [index, { name, ours, within }] of comparisons.entries()) {
    it(`agrees on ${name}`, () => {
      const answer = theirs[index] ?? [];
      assert.equal(ours.length, answer.length);
      for (const [at, value] of ours.entries()) close(value, answer[at] ?? NaN, within);
    });
  }
});
