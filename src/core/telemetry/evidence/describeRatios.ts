import type { ClusteredColumn } from '../statistics/clusteredSurvival.ts';
import { drawnSurvival, unresolvedFrom } from '../statistics/drawnSurvival.ts';
import type { Interval } from '../statistics/interval.ts';
import { quantileInterval } from '../statistics/quantileInterval.ts';
import { orderOfPositive } from '../statistics/sortPositive.ts';
import { plainQuantile } from '../statistics/survivalQuantiles.ts';
import type { TelemetrySamples } from '../telemetrySamples.ts';
import type { EvidenceSamples } from './evidenceSamples.ts';
import { groupOf } from './sampleGroup.ts';
import type { RatioDistribution } from './ratioDistribution.ts';

const probabilities = [0.5, 0.9, 0.95] as const;

/** Ratios, each with its phase and the number of its kind of phase. */
interface RatioColumn extends ClusteredColumn {
  readonly kinds: Uint32Array;
}

/** The ratios of some samples, the smallest first. */
export interface SortedRatios {
  readonly known: RatioColumn;
  /** Of those cut off: at least so large. */
  readonly censored: RatioColumn;
}

/** The distribution of actual / predicted as recorded; `null` without a clean sample. */
export function describeRatios(
  samples: TelemetrySamples,
  evidence: EvidenceSamples,
): RatioDistribution | null {
  return describeSorted(sortRatios(samples, evidence));
}

/** The same of ratios that are sorted. */
export function describeSorted({ known, censored }: SortedRatios): RatioDistribution | null {
  const [clean, truncated] = [known.values, censored.values];
  if (clean.length === 0) return null;
  const unresolved =
    truncated.length === 0 ? undefined : unresolvedFrom(clean, known.kinds, truncated, censored.kinds);
  const { steps, quantiles, intervals } = drawnSurvival(known, censored, probabilities, unresolved);
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

function sortRatios(samples: TelemetrySamples, { clean, truncated }: EvidenceSamples): SortedRatios {
  return { known: sorted(samples, clean).column, censored: sorted(samples, truncated).column };
}

/** The ratios of all, and those of each model by its number: sorted once, all are in order. */
export function sortRatiosByModel(
  samples: TelemetrySamples,
  { clean, truncated }: EvidenceSamples,
): { readonly all: SortedRatios; readonly models: readonly SortedRatios[] } {
  const [known, censored] = [sorted(samples, clean), sorted(samples, truncated)];
  const all = { known: known.column, censored: censored.column };
  const { length } = samples.models;
  if (length === 1) return { all, models: [all] };
  const [ofKnown, ofCensored] = [split(samples, known, length), split(samples, censored, length)];
  const none = { values: new Float64Array(), clusters: new Uint32Array(), kinds: new Uint32Array() };
  const models = Array.from({ length }, (_, index) => ({
    known: ofKnown[index] ?? none,
    censored: ofCensored[index] ?? none,
  }));
  return { all, models };
}

interface SortedColumn {
  readonly column: RatioColumn;
  /** Indices of the samples. */
  readonly order: Uint32Array;
}

function sorted(samples: TelemetrySamples, indices: Uint32Array): SortedColumn {
  const { actual, predicted, phase } = samples;
  const unsorted = new Float64Array(indices.length);
  for (let row = 0; row < indices.length; row += 1) {
    const at = indices[row] ?? 0;
    unsorted[row] = (actual[at] ?? NaN) / (predicted[at] ?? NaN);
  }
  const order = orderOfPositive(unsorted);
  const [values, clusters] = [new Float64Array(order.length), new Uint32Array(order.length)];
  const kinds = new Uint32Array(order.length);
  for (let rank = 0; rank < order.length; rank += 1) {
    const row = order[rank] ?? 0;
    const at = indices[row] ?? 0;
    values[rank] = unsorted[row] ?? NaN;
    clusters[rank] = phase[at] ?? 0;
    kinds[rank] = groupOf(samples, at);
    order[rank] = at;
  }
  return { column: { values, clusters, kinds }, order };
}

/** The values of each model, parts of the same arrays. */
function split({ model }: TelemetrySamples, { column, order }: SortedColumn, models: number): RatioColumn[] {
  const ends = new Uint32Array(models + 1);
  // Read once out of order, and then again and again in it.
  const own = new Uint32Array(order.length);
  for (let rank = 0; rank < order.length; rank += 1) {
    const number = model[order[rank] ?? 0] ?? 0;
    own[rank] = number;
    ends[number + 1] = (ends[number + 1] ?? 0) + 1;
  }
  for (let index = 1; index < ends.length; index += 1)
    ends[index] = (ends[index] ?? 0) + (ends[index - 1] ?? 0);
  const next = ends.slice();
  const [values, clusters] = [new Float64Array(order.length), new Uint32Array(order.length)];
  const kinds = new Uint32Array(order.length);
  for (let rank = 0; rank < order.length; rank += 1) {
    const number = own[rank] ?? 0;
    const place = next[number] ?? 0;
    next[number] = place + 1;
    values[place] = column.values[rank] ?? NaN;
    clusters[place] = column.clusters[rank] ?? 0;
    kinds[place] = column.kinds[rank] ?? 0;
  }
  return Array.from({ length: models }, (_, index) => ({
    values: values.subarray(ends[index], ends[index + 1]),
    clusters: clusters.subarray(ends[index], ends[index + 1]),
    kinds: kinds.subarray(ends[index], ends[index + 1]),
  }));
}
