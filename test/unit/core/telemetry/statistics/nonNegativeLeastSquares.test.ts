import assert from 'node:assert/strict';
import fc from 'fast-check';
import { nonNegativeLeastSquares } from '../../../../../src/core/telemetry/statistics/nonNegativeLeastSquares.ts';
import { close } from './close.ts';

const rowsOf = (matrix: readonly (readonly number[])[], targets: readonly number[]) =>
  matrix.map((factors, row) => ({ factors, target: targets[row] ?? 0, weight: 1 }));

describe('non-negative least squares', () => {
  // scipy 1.17, optimize.nnls.
  it('agrees with scipy', () => {
    const matrix = [
      [0.5, 1.2, -0.3, 0.8],
      [-1, 0.4, 0.9, 0.1],
      [0.7, -0.6, 0.2, 1.1],
      [0.3, 0.3, -0.8, 0.5],
      [1.4, 0.2, 0.6, -0.9],
      [0.1, -1, 0.4, 0.7],
    ];
    const x = nonNegativeLeastSquares(rowsOf(matrix, [1, 0.2, -0.5, 0.9, -1.1, 0.3]), 4);
    for (const [index, expected] of [0, 0.50883021, 0, 0.62124451].entries()) close(x[index], expected, 1e-8);
  });

  it('takes an unknown back that an early step let grow', () => {
    const matrix = [
      [1, 2, 0],
      [3, 1, 1],
      [0, 1, 4],
      [2, 2, 2],
    ];
    const x = nonNegativeLeastSquares(rowsOf(matrix, [1, -2, 3, 1]), 3);
    for (const [index, expected] of [0, 0, 4 / 7].entries()) close(x[index], expected, 1e-10);
  });

  it('weights rows as if they were repeated', () => {
    const twice = nonNegativeLeastSquares(rowsOf([[1], [1], [1]], [1, 1, 4]), 1);
    const weighted = nonNegativeLeastSquares(
      [
        { factors: [1], target: 1, weight: 2 },
        { factors: [1], target: 4, weight: 1 },
      ],
      1,
    );
    close(weighted[0], twice[0] ?? NaN, 1e-12);
  });

  it('meets the conditions of Karush, Kuhn and Tucker for any problem', () => {
    const value = fc.double({ min: -5, max: 5, noNaN: true });
    const matrix = fc.array(fc.array(value, { minLength: 3, maxLength: 3 }), { minLength: 3, maxLength: 8 });
    fc.assert(
      fc.property(matrix, fc.array(value, { minLength: 8, maxLength: 8 }), (factors, targets) => {
        // A little of each unknown by itself, so that there is one solution.
        const rows = [
          ...rowsOf(factors, targets),
          ...rowsOf(
            [
              [0.1, 0, 0],
              [0, 0.1, 0],
              [0, 0, 0.1],
            ],
            [0, 0, 0],
          ),
        ];
        const x = nonNegativeLeastSquares(rows, 3);
        for (let j = 0; j < 3; j += 1) {
          let gradient = 0;
          for (const row of rows) {
            const fitted = row.factors.reduce((sum, factor, k) => sum + factor * (x[k] ?? 0), 0);
            gradient += (row.factors[j] ?? 0) * (row.target - fitted);
          }
          assert.ok((x[j] ?? -1) >= 0);
          assert.ok(gradient <= 1e-6, `could grow: ${gradient}`);
          if ((x[j] ?? 0) > 0) assert.ok(Math.abs(gradient) <= 1e-6, `not settled: ${gradient}`);
        }
      }),
    );
  });
});
