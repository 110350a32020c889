import type { SampleRatios } from './sampleRatios.ts';

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
export function splitByDensity({ logPredicted, logActual }: SampleRatios, chosen: Uint32Array): DensitySplit {
  let [origin, end] = [Infinity, -Infinity];
  for (const at of chosen) {
    const x = logPredicted[at] ?? 0;
    const y = logActual[at] ?? 0;
    if (x < origin) origin = x;
    if (y < origin) origin = y;
    if (x > end) end = x;
    if (y > end) end = y;
  }
  const width = Math.max(end - origin, 1e-9) / cellsPerAxis;
  const part = (log: number): number => Math.min(cellsPerAxis - 1, Math.floor((log - origin) / width));
  const cells = new Uint16Array(chosen.length);
  const counts = new Uint32Array(cellsPerAxis ** 2);
  for (let index = 0; index < chosen.length; index += 1) {
    const at = chosen[index] ?? 0;
    const cell = part(logPredicted[at] ?? 0) * cellsPerAxis + part(logActual[at] ?? 0);
    cells[index] = cell;
    counts[cell] = (counts[cell] ?? 0) + 1;
  }
  const filled = Array.from(counts.keys()).filter((cell) => (counts[cell] ?? 0) > 0);
  return {
    density: {
      min: Math.exp(origin),
      step: Math.exp(width),
      columns: filled.map((cell) => Math.floor(cell / cellsPerAxis)),
      rows: filled.map((cell) => cell % cellsPerAxis),
      counts: filled.map((cell) => counts[cell] ?? 0),
    },
    lonely: chosen.filter((_, index) => (counts[cells[index] ?? 0] ?? 0) <= few),
  };
}
