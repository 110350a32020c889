import assert from 'node:assert/strict';
import {
  logLogInterval,
  SurvivalCurve,
  plainQuantile,
  SurvivalQuantiles,
  type SurvivalStep,
} from '../../../../../src/core/telemetry/statistics/survival.ts';
import { normal95 } from '../../../../../src/core/telemetry/statistics/interval.ts';
import { close } from './close.ts';

/** Weeks in remission under 6-MP (Freireich et al. 1963), the textbook example since Cox 1972. */
const relapsed = Float64Array.of(6, 6, 6, 7, 10, 13, 16, 22, 23);
const stillWell = Float64Array.of(6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35);
const remission = (): SurvivalStep[] => stepsOf(relapsed, stillWell);

function stepsOf(known: Float64Array, censored: Float64Array): SurvivalStep[] {
  const steps: SurvivalStep[] = [];
  const curve = new SurvivalCurve(known, censored);
  while (curve.advance()) {
    const { value, atRisk, events, survival, greenwood } = curve;
    steps.push({ value, atRisk, events, survival, greenwood });
  }
  return steps;
}

function quantile(steps: readonly SurvivalStep[], probability: number): number | null {
  const quantiles = new SurvivalQuantiles([probability]);
  for (const step of steps) quantiles.see(step);
  return quantiles.values[0] ?? null;
}

describe('Kaplan-Meier', () => {
  // Klein and Moeschberger, Survival Analysis, table 4.1A; limits by scipy 1.17, stats.ecdf, log-log.
  for (const [weeks, survival, low, high] of [
    [6, 0.85714286, 0.61971796, 0.95155175],
    [7, 0.80672269, 0.56314656, 0.92280902],
    [10, 0.75294118, 0.50319951, 0.88936184],
    [13, 0.69019608, 0.43161022, 0.84906596],
    [16, 0.62745098, 0.36751086, 0.80491219],
    [22, 0.53781513, 0.26777894, 0.74679072],
    [23, 0.44817927, 0.18805201, 0.68014263],
  ] as const) {
    it(`gives the published survival at ${weeks} weeks`, () => {
      const step = remission().find(({ value }) => value === weeks);
      close(step?.survival, survival, 1e-8);
      const interval = logLogInterval(step?.survival ?? NaN, step?.greenwood ?? NaN, normal95);
      close(interval.low, low, 1e-8);
      close(interval.high, high, 1e-8);
    });
  }

  it('steps only at known values, and finds the published median', () => {
    const steps = remission();
    assert.deepEqual(
      steps.map(({ value, atRisk, events }) => [value, atRisk, events]),
      [
        [6, 21, 3],
        [7, 17, 1],
        [10, 15, 1],
        [13, 12, 1],
        [16, 11, 1],
        [22, 7, 1],
        [23, 6, 1],
      ],
    );
    assert.equal(quantile(steps, 0.5), 23);
  });

  it('takes the middle where the curve runs level at the share that is asked for', () => {
    // Survival 0.5 from 2 on, up to 6; and to the end of the curve.
    assert.equal(quantile(stepsOf(Float64Array.of(1, 2, 6), Float64Array.of(7)), 0.5), 4);
    assert.equal(quantile(stepsOf(Float64Array.of(1, 2), Float64Array.of(7, 8)), 0.5), 2);
  });

  it('says nothing about quantiles the curve never reaches', () => {
    assert.equal(quantile(remission(), 0.9), null);
    assert.equal(quantile([], 0.5), null);
  });

  it('is the plain share where nothing is censored', () => {
    const known = Float64Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
    const steps = stepsOf(known, Float64Array.of());
    // R: quantile(1:10, c(.5, .9, .95), type = 2).
    for (const [probability, expected] of [
      [0.5, 5.5],
      [0.9, 9.5],
      [0.95, 10],
    ] as const) {
      assert.equal(quantile(steps, probability), expected);
      assert.equal(plainQuantile(known, probability), expected);
    }
    assert.deepEqual(logLogInterval(steps.at(-1)?.survival ?? NaN, Infinity, normal95), { low: 0, high: 0 });
  });
});
