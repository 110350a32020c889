/** A row of the problem: what the unknowns are multiplied by, and what should come out. */
export interface LeastSquaresRow {
  readonly factors: readonly number[];
  readonly target: number;
  readonly weight: number;
}

/**
 * The unknowns x >= 0 that minimise the weighted sum of (factors . x - target)^2: the active set method of Lawson and
 * Hanson (1974, Solving Least Squares Problems, chapter 23) on the normal equations (Bro and de Jong 1997, Journal of
 * Chemometrics 11), whose size does not grow with the rows.
 */
export function nonNegativeLeastSquares(rows: readonly LeastSquaresRow[], unknowns: number): number[] {
  const { gram, moment } = normalEquations(rows, unknowns);
  const x = new Array<number>(unknowns).fill(0);
  const free = new Set<number>();
  const tolerance = 1e-10 * Math.max(...moment.map(Math.abs), 0);
  for (let round = 0; round < 3 * unknowns; round += 1) {
    const next = steepest(gram, moment, x, free, tolerance);
    if (next === null) return x;
    free.add(next);
    settle(gram, moment, x, free);
  }
  return x;
}

/** The unknown, now at zero, whose growth would reduce the error most; `null` where none would. */
function steepest(
  gram: readonly number[][],
  moment: readonly number[],
  x: readonly number[],
  free: ReadonlySet<number>,
  tolerance: number,
): number | null {
  let best: number | null = null;
  let most = tolerance;
  for (const [j, wanted] of moment.entries()) {
    if (free.has(j)) continue;
    const line = gram[j] ?? [];
    let reached = 0;
    for (const k of free) reached += (x[k] ?? 0) * (line[k] ?? 0);
    const gradient = wanted - reached;
    if (gradient > most) [best, most] = [j, gradient];
  }
  return best;
}

/** Moves the free unknowns to their least squares solution; those that would turn negative on the way go back to zero. */
function settle(gram: readonly number[][], moment: readonly number[], x: number[], free: Set<number>): void {
  while (free.size > 0) {
    const columns = [...free];
    const solved = solve(
      columns.map((j) => columns.map((k) => gram[j]?.[k] ?? 0)),
      columns.map((j) => moment[j] ?? 0),
    );
    let step = 1;
    for (const [index, j] of columns.entries()) {
      const [from = 0, to = 0] = [x[j], solved[index]];
      if (to < 0) step = Math.min(step, from / (from - to));
    }
    for (const [index, j] of columns.entries()) {
      const [from = 0, to = 0] = [x[j], solved[index]];
      x[j] = from + step * (to - from);
      // The unknown that stopped the step stands at zero but for rounding.
      if (step < 1 && (x[j] ?? 0) <= 1e-12 * Math.abs(from - to)) {
        x[j] = 0;
        free.delete(j);
      }
    }
    if (step === 1) return;
  }
}

/** The gram matrix by rows, and the moments. Most factors are zero: a row concerns few of the unknowns. */
function normalEquations(rows: readonly LeastSquaresRow[], unknowns: number) {
  const gram = Array.from({ length: unknowns }, () => new Array<number>(unknowns).fill(0));
  const moment = new Array<number>(unknowns).fill(0);
  for (const { factors, target, weight } of rows) {
    for (let j = 0; j < unknowns; j += 1) {
      const factor = factors[j] ?? 0;
      if (factor === 0) continue;
      moment[j] = (moment[j] ?? 0) + weight * factor * target;
      const line = gram[j] ?? [];
      for (let k = 0; k < unknowns; k += 1) {
        const other = factors[k] ?? 0;
        if (other !== 0) line[k] = (line[k] ?? 0) + weight * factor * other;
      }
    }
  }
  return { gram, moment };
}

/** Gauss elimination with partial pivoting; a direction that the rows do not determine is left at zero. */
function solve(matrix: number[][], right: number[]): number[] {
  const n = right.length;
  const lines = matrix.map((line, row) => [...line, right[row] ?? 0]);
  const at = (row: number, column: number): number => lines[row]?.[column] ?? 0;
  const scale = Math.max(...matrix.map((line, row) => Math.abs(line[row] ?? 0)));
  for (let column = 0; column < n; column += 1) {
    let pivot = column;
    for (let row = column + 1; row < n; row += 1)
      if (Math.abs(at(row, column)) > Math.abs(at(pivot, column))) pivot = row;
    const above = lines[pivot] ?? [];
    [lines[column], lines[pivot]] = [above, lines[column] ?? []];
    if (Math.abs(at(column, column)) < 1e-13 * scale) continue;
    for (let row = column + 1; row < n; row += 1) {
      const line = lines[row] ?? [];
      const factor = at(row, column) / at(column, column);
      // What stands left of the column is not looked at again.
      if (factor !== 0)
        for (let k = column; k <= n; k += 1) line[k] = (line[k] ?? 0) - factor * (above[k] ?? 0);
    }
  }
  const x = new Array<number>(n).fill(0);
  for (let row = n - 1; row >= 0; row -= 1) {
    if (Math.abs(at(row, row)) < 1e-13 * scale) continue;
    let rest = at(row, n);
    for (let column = row + 1; column < n; column += 1) rest -= at(row, column) * (x[column] ?? 0);
    x[row] = rest / at(row, row);
  }
  return x;
}
