import { compareComplexity, compareText } from '../../model/sampleKind.ts';
import { sampleQualities, suspicions, type SampleQuality, type Suspicion } from '../samples/sampleQuality.ts';
import { countSuspicions } from '../samples/suspects.ts';
import type { TelemetrySamples } from '../samples/telemetrySamples.ts';

/** A name to filter by, and how many samples of the database have it. */
export interface FacetValue<Name extends string = string> {
  readonly name: Name;
  readonly samples: number;
}

/** What there is to filter by, over all samples of the database. */
export interface TelemetryFacets {
  /** The runs with most samples, at most {@link mostRuns}. */
  readonly runs: readonly FacetValue[];
  /** How many runs there are. */
  readonly runCount: number;
  /** Most samples first. */
  readonly models: readonly FacetValue[];
  /** Sorted by name. */
  readonly categories: readonly FacetValue[];
  /** Low, medium, high, others. */
  readonly complexities: readonly FacetValue[];
  /** Best first. */
  readonly qualities: readonly FacetValue<SampleQuality>[];
  /** Why suspect samples are so, in the order of `suspicions`; one may count for several. */
  readonly reasons: readonly FacetValue<Suspicion>[];
  /** From the first to the last sample, in milliseconds since the epoch; `null` where no sample tells its time. */
  readonly period: { readonly first: number; readonly last: number } | null;
}

/** More runs than this are found by typing, not by looking through a list. */
const mostRuns = 100;

/** Counts what there is to filter by. Names without a sample are left out. */
export function telemetryFacets(samples: TelemetrySamples): TelemetryFacets {
  const runs = countRuns(samples);
  return {
    runs: runs.slice(0, mostRuns),
    runCount: runs.length,
    models: countNames(samples.model, samples.models).sort(mostFirst),
    categories: countNames(samples.category, samples.categories).sort((a, b) => compareText(a.name, b.name)),
    complexities: countNames(samples.complexity, samples.complexities).sort((a, b) =>
      compareComplexity(a.name, b.name),
    ),
    qualities: countNames(samples.quality, sampleQualities).reverse(),
    reasons: countReasons(samples),
    period: period(samples.timestamp),
  };
}

function countNames<Name extends string>(
  column: Uint8Array | Uint32Array,
  names: readonly Name[],
): FacetValue<Name>[] {
  const counts = new Uint32Array(names.length);
  for (const index of column) counts[index] = (counts[index] ?? 0) + 1;
  return names
    .map((name, index) => ({ name, samples: counts[index] ?? 0 }))
    .filter(({ samples }) => samples > 0);
}

function countReasons(samples: TelemetrySamples): FacetValue<Suspicion>[] {
  const counts = countSuspicions(samples);
  return suspicions
    .map((name) => ({ name, samples: counts[name] }))
    .filter(({ samples: count }) => count > 0);
}

function countRuns({ phase, phases }: TelemetrySamples): FacetValue[] {
  const counts = new Uint32Array(phases.length);
  for (const index of phase) counts[index] = (counts[index] ?? 0) + 1;
  const byRun = new Map<string, number>();
  for (const [index, { runId }] of phases.entries()) {
    const count = counts[index] ?? 0;
    if (count > 0) byRun.set(runId, (byRun.get(runId) ?? 0) + count);
  }
  return Array.from(byRun, ([name, samples]) => ({ name, samples })).sort(mostFirst);
}

function mostFirst(a: FacetValue, b: FacetValue): number {
  return b.samples - a.samples || compareText(a.name, b.name);
}

function period(timestamps: Float64Array): TelemetryFacets['period'] {
  let [first, last] = [Infinity, -Infinity];
  for (const at of timestamps) {
    if (at < first) first = at;
    if (at > last) last = at;
  }
  return last === -Infinity ? null : { first, last };
}
