import type { SampleDensity } from '../../core/telemetry/page/scatterPoints.ts';

/** A place that holds samples, by the tokens in its middle. */
export interface DensityCell {
  readonly samples: number;
  readonly predicted: number;
  readonly actual: number;
}

/** The cell around a place in tokens, or `null` where none holds a sample. */
export function cellAt(density: SampleDensity, predicted: number, actual: number): DensityCell | null {
  const { min, step, columns, rows, counts } = density;
  const indexOf = (tokens: number): number => Math.floor(Math.log(tokens / min) / Math.log(step));
  const middle = (index: number): number => Math.round(min * step ** (index + 0.5));
  const [column, row] = [indexOf(predicted), indexOf(actual)];
  const at = columns.findIndex((each, index) => each === column && rows[index] === row);
  return at === -1 ? null : { samples: counts[at] ?? 0, predicted: middle(column), actual: middle(row) };
}
