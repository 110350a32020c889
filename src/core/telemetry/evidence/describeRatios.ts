import type { ClusteredColumn } from '../statistics/clusteredSurvival.ts';
import { drawnSurvival } from '../statistics/drawnSurvival.ts';
import type { Interval } from '../statistics/interval.ts';
import { quantileInterval } from '../statistics/quantileInterval.ts';
import { orderOfPositive } from '../statistics/sortPositive.ts';
import { plainQuantile } from '../statistics/survivalQuantiles.ts';
import type { TelemetrySamples } from '../telemetrySamples.ts';
import type { EvidenceSamples } from './evidenceSamples.ts';
import type { RatioDistribution } from './ratioDistribution.ts';

const probabilities = [0.5, 0.9, 0.95] as const;

/** The distribution of actual / predicted as recorded; `null` without a clean sample. */
export function describeRatios(
  samples: TelemetrySamples,
  evidence: EvidenceSamples,
): RatioDistribution | null {
  return describeSorted(samples, sortByRatio(samples, evidence));
}

/** The same with the samples in the order of their ratios: see {@link sortByRatio}. */
export function describeSorted(
  samples: TelemetrySamples,
  { clean, truncated }: EvidenceSamples,
): RatioDistribution | null {
  if (clean.length === 0) return null;
  const known = columnOf(samples, clean);
  const censored = columnOf(samples, truncated);
  const { steps, quantiles, intervals } = drawnSurvival(known, censored, probabilities);
  const exact = exactIntervals(known, truncated.length);
  return {
    samples: clean.length,
    truncated: truncated.length,
    quantiles: probabilities.map((probability, index) => ({
      probability,
      plain: plainQuantile(known.values, probability),
      censored: quantiles[index] ?? null,
      interval: (exact ?? intervals)[index] ?? null,
    })),
    curve: steps.map(({ value, survival, interval }) => ({ ratio: value, exceeding: survival, interval })),
    largest: Math.max(known.values.at(-1) ?? 0, censored.values.at(-1) ?? 0),
  };
}

/** Order statistics promise 95 % whatever the distribution, where every phase has one sample and none was cut off. */
function exactIntervals(
  { values, clusters }: ClusteredColumn,
  truncated: number,
): (Interval | null)[] | null {
  if (truncated > 0 || new Set(clusters).size < clusters.length) return null;
  return probabilities.map((probability) => quantileInterval(values, probability));
}

/** The same samples by rising ratio: sorted once, they are in order for each of their models too. */
export function sortByRatio(
  samples: TelemetrySamples,
  { clean, truncated }: EvidenceSamples,
): EvidenceSamples {
  return { clean: byRatio(samples, clean), truncated: byRatio(samples, truncated) };
}

function byRatio(samples: TelemetrySamples, indices: Uint32Array): Uint32Array {
  const order = orderOfPositive(ratiosOf(samples, indices));
  for (let rank = 0; rank < order.length; rank += 1) order[rank] = indices[order[rank] ?? 0] ?? 0;
  return order;
}

function columnOf(samples: TelemetrySamples, indices: Uint32Array): ClusteredColumn {
  const clusters = new Uint32Array(indices.length);
  for (let row = 0; row < indices.length; row += 1) clusters[row] = samples.phase[indices[row] ?? 0] ?? 0;
  return { values: ratiosOf(samples, indices), clusters };
}

function ratiosOf({ actual, predicted }: TelemetrySamples, indices: Uint32Array): Float64Array<ArrayBuffer> {
  const values = new Float64Array(indices.length);
  for (let row = 0; row < indices.length; row += 1) {
    const at = indices[row] ?? 0;
    values[row] = (actual[at] ?? NaN) / (predicted[at] ?? NaN);
  }
  return values;
}
