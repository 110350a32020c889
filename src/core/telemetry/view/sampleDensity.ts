import type { TelemetrySamples } from '../telemetrySamples.ts';

/** How many samples lie where, on a grid with equal steps of the logarithm, the same on both axes. */
export interface SampleDensity {
  /** Output tokens at the lower left corner. */
  readonly min: number;
  /** By what factor a cell's upper edge is above its lower one. */
  readonly step: number;
  /** The cells that hold samples; the three lists belong together. */
  readonly columns: readonly number[];
  readonly rows: readonly number[];
  readonly counts: readonly number[];
}

/** Samples by density: the cells, and those samples that a cell's shade would hide. */
export interface DensitySplit {
  readonly density: SampleDensity;
  /** Indices of the samples in cells with few others. */
  readonly lonely: Uint32Array;
}

/** Cells on an axis: fine enough for the shape, coarse enough to be told apart. */
const cellsPerAxis = 56;
/** Up to this many samples in a cell are drawn one by one. */
const few = 3;

/** Counts samples (`chosen` are indices; both numbers positive; at least one) into cells by predicted and actual tokens. */
export function splitByDensity({ predicted, actual }: TelemetrySamples, chosen: Uint32Array): DensitySplit {
  let [min, max] = [Infinity, 0];
  for (const at of chosen) {
    const x = predicted[at] ?? 1;
    const y = actual[at] ?? 1;
    if (x < min) min = x;
    if (y < min) min = y;
    if (x > max) max = x;
    if (y > max) max = y;
  }
  const origin = Math.log(min);
  const width = Math.max(Math.log(max) - origin, 1e-9) / cellsPerAxis;
  const part = (tokens: number): number =>
    Math.min(cellsPerAxis - 1, Math.floor((Math.log(tokens) - origin) / width));
  const cells = new Uint16Array(chosen.length);
  const counts = new Uint32Array(cellsPerAxis ** 2);
  for (let index = 0; index < chosen.length; index += 1) {
    const at = chosen[index] ?? 0;
    const cell = part(predicted[at] ?? 1) * cellsPerAxis + part(actual[at] ?? 1);
    cells[index] = cell;
    counts[cell] = (counts[cell] ?? 0) + 1;
  }
  const filled = Array.from(counts.keys()).filter((cell) => (counts[cell] ?? 0) > 0);
  return {
    density: {
      min,
      step: Math.exp(width),
      columns: filled.map((cell) => Math.floor(cell / cellsPerAxis)),
      rows: filled.map((cell) => cell % cellsPerAxis),
      counts: filled.map((cell) => counts[cell] ?? 0),
    },
    lonely: chosen.filter((_, index) => (counts[cells[index] ?? 0] ?? 0) <= few),
  };
}
