import type uPlot from 'uplot';

/** One x with a value for each series, or `null` where a series has none there. */
export type AlignedRow = readonly (number | null)[];

/** Rows as the chart library wants them: sorted by x, and turned into columns. An x may occur more than once. */
export function alignRows(rows: readonly AlignedRow[]): uPlot.AlignedData {
  const sorted = [...rows].sort((a, b) => (a[0] ?? 0) - (b[0] ?? 0));
  const xs = sorted.map(([x]) => x ?? 0);
  const series = (sorted[0] ?? []).slice(1).map((_, at) => sorted.map((row) => row[at + 1] ?? null));
  return [xs, ...series];
}
