import type { EventThreads } from '../samples/readEvents.ts';
import type { TelemetrySamples } from '../samples/telemetrySamples.ts';
import { drawnSurvival, unresolvedFrom, quantileInterval } from '../statistics/drawnSurvival.ts';
import type { OpenInterval, Interval } from '../statistics/interval.ts';
import { mergeSorted, sortWithLabels } from '../statistics/radixSort.ts';
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
  /** The largest known one of each kind of phase; asked for only where some were cut off. */
  readonly largest: ReadonlyMap<number, number>;
  /** From where on one that was cut off has no known one of its kind beside it; see `unresolvedFrom`. */
  readonly unresolved: Float64Array;
}

/** The distribution of actual / predicted as recorded; `null` without a clean sample. */
export function describeRatios(samples: RatioColumns, evidence: EvidenceSamples): RatioDistribution | null {
  return describeSorted(sortRatios(samples, evidence));
}

/** The same of all and of each model: what is sorted by model need only be merged. */
export function describeRatiosByModel(
  samples: RatioColumns,
  { clean, truncated }: EvidenceSamples,
): RatioDistributions {
  const { length } = samples.models;
  const [known, censored] = [indicesByModel(samples, clean), indicesByModel(samples, truncated)];
  const models = Array.from({ length }, (_, model) =>
    sortRatios(samples, { clean: known[model] ?? clean, truncated: censored[model] ?? truncated }),
  );
  const [only] = models;
  const all = only !== undefined && length === 1 ? only : mergeRatios(samples, truncated, models);
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

/** The indices of each model's samples, by its number. */
function indicesByModel({ model, models }: RatioColumns, indices: Uint32Array): readonly Uint32Array[] {
  if (models.length === 1) return [indices];
  const counts = new Uint32Array(models.length);
  for (const at of indices) counts[model[at] ?? 0] = (counts[model[at] ?? 0] ?? 0) + 1;
  const found = Array.from(counts, (count) => new Uint32Array(count));
  counts.fill(0);
  for (const at of indices) {
    const number = model[at] ?? 0;
    const place = counts[number] ?? 0;
    counts[number] = place + 1;
    const own = found[number];
    if (own !== undefined) own[place] = at;
  }
  return found;
}

function sortRatios(samples: RatioColumns, { clean, truncated }: EvidenceSamples): SortedRatios {
  const largest = truncated.length === 0 ? new Map<number, number>() : largestByKind(samples, clean);
  return {
    known: sorted(samples, clean),
    censored: sorted(samples, truncated),
    largest,
    unresolved: unresolved(samples, truncated, largest),
  };
}

function sorted(samples: RatioColumns, indices: Uint32Array): ClusteredColumn {
  const phases = new Uint32Array(indices.length);
  for (let row = 0; row < indices.length; row += 1) phases[row] = samples.phase[indices[row] ?? 0] ?? 0;
  const { values, labels } = sortWithLabels(ratiosOf(samples, indices), phases);
  return { values, clusters: labels };
}

function ratiosOf({ actual, predicted }: RatioColumns, indices: Uint32Array): Float64Array<ArrayBuffer> {
  const ratios = new Float64Array(indices.length);
  for (let row = 0; row < indices.length; row += 1) {
    const at = indices[row] ?? 0;
    ratios[row] = (actual[at] ?? NaN) / (predicted[at] ?? NaN);
  }
  return ratios;
}

/** The ratios of all models; `truncated` are the samples of all that were cut off. */
function mergeRatios(
  samples: RatioColumns,
  truncated: Uint32Array,
  models: readonly SortedRatios[],
): SortedRatios {
  const largest = new Map<number, number>();
  for (const own of models)
    for (const [kind, value] of own.largest) largest.set(kind, Math.max(value, largest.get(kind) ?? 0));
  return {
    known: merged(models.map(({ known }) => known)),
    censored: merged(models.map(({ censored }) => censored)),
    largest,
    unresolved: unresolved(samples, truncated, largest),
  };
}

function merged(columns: readonly ClusteredColumn[]): ClusteredColumn {
  const { values, labels } = mergeSorted(
    columns.map(({ values: own, clusters }) => ({ values: own, labels: clusters })),
  );
  return { values, clusters: labels };
}

/** The largest ratio of each kind of phase. */
function largestByKind(samples: RatioColumns, indices: Uint32Array): ReadonlyMap<number, number> {
  const { actual, predicted } = samples;
  const largest = new Map<number, number>();
  // Neighbours mostly are of one kind: it is written down when the next kind comes.
  let [kind, run] = [-1, 0];
  const note = (): void => {
    if (run > (largest.get(kind) ?? 0)) largest.set(kind, run);
    run = 0;
  };
  for (const at of indices) {
    const own = groupOf(samples, at);
    if (own !== kind) {
      note();
      kind = own;
    }
    const ratio = (actual[at] ?? NaN) / (predicted[at] ?? NaN);
    if (ratio > run) run = ratio;
  }
  note();
  return largest;
}

function unresolved(
  samples: RatioColumns,
  truncated: Uint32Array,
  largest: ReadonlyMap<number, number>,
): Float64Array {
  const kinds = Uint32Array.from(truncated, (at) => groupOf(samples, at));
  return unresolvedFrom(ratiosOf(samples, truncated), kinds, largest);
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
