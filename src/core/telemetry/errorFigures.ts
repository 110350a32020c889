import { mean } from 'simple-statistics';
import { GroupedValues } from './groupedValues.ts';
import { selectQuantiles } from './selectQuantiles.ts';
import type { CostFigures, DiagnosticFigures } from './telemetryAnalysis.ts';
import type { TelemetrySamples } from './telemetrySamples.ts';

/** How far predictions are off. Sources of the formulas: the reference system's analysis. */
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
