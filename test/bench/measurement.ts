/** Who reads. */
export type ReaderName = 'node:sqlite' | 'sql.js, whole file' | 'snapshot';

/** What is measured: see `measure.ts`. */
export type TaskName = 'list' | 'expand' | 'refresh' | 'filter' | 'refilter' | 'host';

/** The figures of one process. */
export interface Measurement {
  /** Of each repetition within the process. */
  readonly ms: readonly number[];
  /** What the processors worked meanwhile, in all threads: other programs prolong the time, but hardly this. */
  readonly workMs?: readonly number[];
  /** Above the same process before it opened anything. */
  readonly peakMib: number;
}

/** The same with the time that processors worked, which what else the machine does prolongs less. */
export interface AnalysisMeasurement extends Measurement {
  readonly cpuMs: number;
}

/** The middle value of a list that is not empty. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? NaN;
}
