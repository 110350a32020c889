import type { EventThreads } from '../samples/readEvents.ts';
import type { TelemetrySamples } from '../samples/telemetrySamples.ts';
import { drawnSurvival, unresolvedFrom, quantileInterval } from '../statistics/drawnSurvival.ts';
import type { OpenInterval, Interval } from '../statistics/interval.ts';
import { sortWithLabels } from '../statistics/radixSort.ts';
import { plainQuantile, type ClusteredColumn } from '../statistics/survival.ts';
import { groupOf, type EvidenceSamples } from './evidenceSamples.ts';

const probabilities = [0.5, 0.9, 0.95] as const;

/** What is looked at of samples to describe their ratios: it can be handed to another thread. */
export type RatioColumns = Pick<
  TelemetrySamples,
  'actual' | 'predicted' | 'phase' | 'category' | 'complexity' | 'complexities' | 'model' | 'models'
>;

/** The distribution of the ratios of all samples, and of each model's by its number; `null` without a clean sample. */
export interface RatioDistributions {
  readonly all: RatioDistribution | null;
  readonly models: readonly (RatioDistribution | null)[];
}

/** Begins to describe ratios, perhaps on another thread; what it returns waits for them. */
export type DescribeRatios = (columns: RatioColumns, evidence: EvidenceSamples) => () => RatioDistributions;

/** The threads of a query that analyses telemetry: they describe the ratios of very many samples, too. */
export interface TelemetryThreads extends EventThreads {
  readonly describeRatios?: DescribeRatios;
}

/** The ratios of some samples, the smallest first. */
interface SortedRatios {
  readonly known: ClusteredColumn;
  /** Of those cut off: at least so large. */
  readonly censored: ClusteredColumn;
  /** From where on one that was cut off has no known one of its kind beside it; see `unresolvedFrom`. */
  readonly unresolved: Float64Array;
}

/** The distribution of actual / predicted as recorded; `null` without a clean sample. */
export function describeRatios(samples: RatioColumns, evidence: EvidenceSamples): RatioDistribution | null {
  const [known, censored] = [sorted(samples, evidence.clean), sorted(samples, evidence.truncated)];
  const largest = evidence.truncated.length === 0 ? [] : largestByModel(samples, evidence.clean);
  return describeSorted({
    known: known.column,
    censored: censored.column,
    unresolved: unresolved(samples, censored, ofAll(largest)),
  });
}

/** The same of all and of each model: sorted once, the ratios of each are in order. */
export function describeRatiosByModel(samples: RatioColumns, evidence: EvidenceSamples): RatioDistributions {
  const { all, models } = sortRatiosByModel(samples, evidence);
  const described = describeSorted(all);
  return { all: described, models: models.map((own) => (own === all ? described : describeSorted(own))) };
}

/** The distribution of ratios that are sorted already: every figure of it, wherever it is shown, comes from here. */
export function describeSorted({
  known,
  censored,
  unresolved,
}: Pick<SortedRatios, 'known' | 'censored' | 'unresolved'>): RatioDistribution | null {
  const [clean, truncated] = [known.values, censored.values];
  if (clean.length === 0) return null;
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
): (OpenInterval | null)[] | null {
  if (truncated > 0 || hasRepeats(clusters)) return null;
  return probabilities.map((probability) => quantileInterval(values, probability));
}

/** Ends at the first repeat, which in large databases comes early. */
function hasRepeats(clusters: Uint32Array): boolean {
  const seen = new Set<number>();
  return clusters.some((cluster) => seen.size === seen.add(cluster).size);
}

/** The ratios of all, and those of each model by its number. */
function sortRatiosByModel(
  samples: RatioColumns,
  { clean, truncated }: EvidenceSamples,
): { readonly all: SortedRatios; readonly models: readonly SortedRatios[] } {
  const [known, censored] = [sorted(samples, clean), sorted(samples, truncated)];
  const largest = truncated.length === 0 ? [] : largestByModel(samples, clean);
  const all = {
    known: known.column,
    censored: censored.column,
    unresolved: unresolved(samples, censored, ofAll(largest)),
  };
  const { length } = samples.models;
  if (length === 1) return { all, models: [all] };
  const [ofKnown, ofCensored] = [split(samples, known, length), split(samples, censored, length)];
  const models = ofKnown.map((own, model) => {
    const cut = ofCensored[model] ?? own;
    return {
      known: own.column,
      censored: cut.column,
      unresolved: unresolved(samples, cut, largest[model] ?? new Map<number, number>()),
    };
  });
  return { all, models };
}

/** Ratios in order, and the indices of their samples. */
interface SortedColumn {
  readonly column: ClusteredColumn;
  readonly order: Uint32Array;
}

function sorted(samples: RatioColumns, indices: Uint32Array): SortedColumn {
  const { actual, predicted, phase } = samples;
  const unsorted = new Float64Array(indices.length);
  for (let row = 0; row < indices.length; row += 1) {
    const at = indices[row] ?? 0;
    unsorted[row] = (actual[at] ?? NaN) / (predicted[at] ?? NaN);
  }
  const { values, labels: order } = sortWithLabels(unsorted, indices);
  const clusters = new Uint32Array(order.length);
  for (let rank = 0; rank < order.length; rank += 1) clusters[rank] = phase[order[rank] ?? 0] ?? 0;
  return { column: { values, clusters }, order };
}

/** The values of each model, parts of the same arrays. */
function split({ model }: RatioColumns, { column, order }: SortedColumn, models: number): SortedColumn[] {
  const ends = new Uint32Array(models + 1);
  for (const at of order) ends[(model[at] ?? 0) + 1] = (ends[(model[at] ?? 0) + 1] ?? 0) + 1;
  for (let index = 1; index < ends.length; index += 1)
    ends[index] = (ends[index] ?? 0) + (ends[index - 1] ?? 0);
  const next = ends.slice();
  const [values, clusters] = [new Float64Array(order.length), new Uint32Array(order.length)];
  const indices = new Uint32Array(order.length);
  for (let rank = 0; rank < order.length; rank += 1) {
    const at = order[rank] ?? 0;
    const number = model[at] ?? 0;
    const place = next[number] ?? 0;
    next[number] = place + 1;
    values[place] = column.values[rank] ?? NaN;
    clusters[place] = column.clusters[rank] ?? 0;
    indices[place] = at;
  }
  return Array.from({ length: models }, (_, index) => {
    const [from, to] = [ends[index], ends[index + 1]];
    return {
      column: { values: values.subarray(from, to), clusters: clusters.subarray(from, to) },
      order: indices.subarray(from, to),
    };
  });
}

/** The largest ratio of each kind of phase, by model. */
function largestByModel(samples: RatioColumns, indices: Uint32Array): readonly ReadonlyMap<number, number>[] {
  const { actual, predicted, model, models } = samples;
  const largest = models.map(() => new Map<number, number>());
  // Neighbours mostly are of one kind, by whichever model: it is written down when the next kind comes.
  const run = new Float64Array(models.length);
  let kind = -1;
  const note = (): void => {
    for (const [index, own] of largest.entries()) {
      const value = run[index] ?? 0;
      if (value > (own.get(kind) ?? 0)) own.set(kind, value);
    }
    run.fill(0);
  };
  for (const at of indices) {
    const own = groupOf(samples, at);
    if (own !== kind) {
      note();
      kind = own;
    }
    const number = model[at] ?? 0;
    const ratio = (actual[at] ?? NaN) / (predicted[at] ?? NaN);
    if (ratio > (run[number] ?? 0)) run[number] = ratio;
  }
  note();
  return largest;
}

function ofAll(largest: readonly ReadonlyMap<number, number>[]): ReadonlyMap<number, number> {
  const all = new Map<number, number>();
  for (const own of largest)
    for (const [kind, value] of own) all.set(kind, Math.max(value, all.get(kind) ?? 0));
  return all;
}

function unresolved(
  samples: RatioColumns,
  { column, order }: SortedColumn,
  largest: ReadonlyMap<number, number>,
): Float64Array {
  const kinds = new Uint32Array(order.length);
  for (let rank = 0; rank < order.length; rank += 1) kinds[rank] = groupOf(samples, order[rank] ?? 0);
  return unresolvedFrom(column.values, kinds, largest);
}

/** One quantile of actual / predicted, without and with what the truncated samples tell. */
export interface RatioQuantile {
  /** 0.5, 0.9 or 0.95. */
  readonly probability: number;
  /** Of the clean samples alone: too low where long answers were cut off. Of the same type as `censored`, see `SurvivalQuantiles`. */
  readonly plain: number;
  /** With truncated samples as lower bounds (Kaplan-Meier); `null` where the curve never gets there. */
  readonly censored: number | null;
  /** 95 % of `censored`, over whole phases; `null` where these are too few (P95 takes 72). */
  readonly interval: OpenInterval | null;
}

/** One step of the curve: the share of calls that need more than `ratio` times their prediction. */
export interface ExceedanceStep {
  readonly ratio: number;
  /** 0 to 1. */
  readonly exceeding: number;
  /** 95 %, over whole phases. */
  readonly interval: Interval;
}

/** How actual / predicted is distributed. */
export interface RatioDistribution {
  /** Clean samples. */
  readonly samples: number;
  /** Truncated ones, which count as at least what they reached. */
  readonly truncated: number;
  readonly quantiles: readonly RatioQuantile[];
  /** Kaplan-Meier, by rising ratio; at most 200 steps, an even selection of more. Begins at 1 exceeding, left out. */
  readonly curve: readonly ExceedanceStep[];
  /** The largest ratio seen, truncated ones included: where the curve ends. */
  readonly largest: number;
}
