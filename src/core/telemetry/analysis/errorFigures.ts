import { mean, quickselect } from 'simple-statistics';
import type { TelemetrySamples } from '../samples/telemetrySamples.ts';
import type { CostFigures, DiagnosticFigures } from './telemetryAnalysis.ts';

/** How far predictions are off. Sources of the formulas: Autopack's analysis. */
export type ErrorFigures = CostFigures & Omit<DiagnosticFigures, 'nonTruncated'>;

/**
 * The figures of each group, and of all together, which is the last. `groupOf` tells the group of each sample, counted
 * from 1, and 0 for samples that are in none; `sizes` how many samples each group has. One number is kept for each
 * sample at a time, for there may be millions.
 */
export function errorFigures(
  { predicted, actual, truncated }: TelemetrySamples,
  groupOf: Uint32Array,
  sizes: readonly number[],
): readonly ErrorFigures[] {
  const values = new GroupedValues(sizes);
  for (let at = 0; at < groupOf.length; at += 1) {
    const [group = 0, guess = NaN, used = NaN] = [groupOf[at], predicted[at], actual[at]];
    if (group > 0 && guess >= 0 && used > 0) values.push(group - 1, guess / used);
  }
  const wastes = summaries(values, sizes.length, [0.5, 0.9]);
  for (let at = 0; at < groupOf.length; at += 1) {
    const [group = 0, guess = NaN, used = NaN] = [groupOf[at], predicted[at], actual[at]];
    if (group > 0 && truncated[at] !== 1 && guess >= 0 && used >= 0 && guess + used > 0)
      values.push(group - 1, (200 * Math.abs(guess - used)) / (guess + used));
  }
  const smapes = summaries(values, sizes.length, [0.5]);
  return wastes.map((waste, index) => ({
    wasteMedian: waste.quantiles[0] ?? null,
    wasteP90: waste.quantiles[1] ?? null,
    wasteMean: waste.mean,
    smapeMean: smapes[index]?.mean ?? null,
    smapeMedian: smapes[index]?.quantiles[0] ?? null,
  }));
}

interface Summary {
  readonly mean: number | null;
  readonly quantiles: readonly number[];
}

function summaries(values: GroupedValues, groups: number, probabilities: readonly number[]): Summary[] {
  const each = Array.from({ length: groups }, (_, group) => summary(values.of(group), probabilities));
  return [...each, summary(values.takeAll(), probabilities)];
}

function summary(values: Float64Array, probabilities: readonly number[]): Summary {
  return {
    // The library only indexes.
    mean: values.length === 0 ? null : mean(values as unknown as number[]),
    quantiles: selectQuantiles(values, probabilities),
  };
}

/** One value for some of the samples of each group, all in one array that can be used again for other values. */
class GroupedValues {
  readonly #values: Float64Array;
  /** Where the values of each group begin. */
  readonly #starts: Uint32Array;
  readonly #counts: Uint32Array;

  /** `most`: how many values each group has at most. */
  constructor(most: readonly number[]) {
    this.#counts = new Uint32Array(most.length);
    this.#starts = new Uint32Array(most.length);
    let total = 0;
    for (const [group, count] of most.entries()) {
      this.#starts[group] = total;
      total += count;
    }
    this.#values = new Float64Array(total);
  }

  clear(): void {
    this.#counts.fill(0);
  }

  push(group: number, value: number): void {
    const count = this.#counts[group] ?? 0;
    this.#values[(this.#starts[group] ?? 0) + count] = value;
    this.#counts[group] = count + 1;
  }

  /** The values of a group, in any order; may be reordered. */
  of(group: number): Float64Array {
    const start = this.#starts[group] ?? 0;
    return this.#values.subarray(start, start + (this.#counts[group] ?? 0));
  }

  /** The values of all groups, in any order; may be reordered. Afterwards those of single groups are lost. */
  takeAll(): Float64Array {
    let end = 0;
    for (const [group, count] of this.#counts.entries()) {
      const start = this.#starts[group] ?? 0;
      this.#values.copyWithin(end, start, start + count);
      end += count;
    }
    this.clear();
    return this.#values.subarray(0, end);
  }
}

/** A product such as 0.9 x 10 is rounded: it may stand on a whole number and yet compare as beside it. */
const rounding = 1e-12;

/**
 * Quantiles of type 2 (Hyndman and Fan: the smallest value that the share does not exceed, the mean of two where it ends
 * between them), as everywhere in this program, at ascending probabilities; none of no value. Reorders the values: nothing is copied, for there may be millions.
 */
export function selectQuantiles(values: Float64Array, probabilities: readonly number[]): readonly number[] {
  if (values.length === 0) return [];
  // The library only indexes.
  const array = values as unknown as number[];
  const last = values.length - 1;
  let left = 0;
  return probabilities.map((probability) => {
    const place = values.length * probability;
    const whole = Math.round(place);
    const isBetween = Math.abs(place - whole) <= rounding * values.length;
    const rank = Math.min(last, Math.max(0, (isBetween ? whole : Math.ceil(place)) - 1));
    quickselect(array, rank, left, last);
    left = rank;
    const value = values[rank] ?? NaN;
    if (!isBetween || whole === 0 || rank === last) return value;
    let next = Infinity;
    for (let at = rank + 1; at <= last; at += 1) next = Math.min(next, values[at] ?? Infinity);
    return (value + next) / 2;
  });
}
