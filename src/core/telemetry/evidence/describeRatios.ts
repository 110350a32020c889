import { clusteredQuantileInterval } from '../statistics/clusteredQuantile.ts';
import type { Interval } from '../statistics/interval.ts';
import { drawnSurvival } from '../statistics/drawnSurvival.ts';
import { quantileInterval } from '../statistics/quantileInterval.ts';
import { sortPositive } from '../statistics/sortPositive.ts';
import { plainQuantile } from '../statistics/survivalQuantiles.ts';
import type { TelemetrySamples } from '../telemetrySamples.ts';
import { bootstrapQuantiles } from './bootstrapQuantiles.ts';
import type { EvidenceSamples } from './evidenceSamples.ts';
import type { RatioDistribution } from './ratioDistribution.ts';

const probabilities = [0.5, 0.9, 0.95] as const;
/** More samples are not resampled: the interval in closed form is as good then, and takes no time. */
const mostResampled = 2000;

/** The distribution of actual / predicted as recorded; `null` without a clean sample. */
export function describeRatios(
  samples: TelemetrySamples,
  { clean, truncated }: EvidenceSamples,
): RatioDistribution | null {
  if (clean.length === 0) return null;
  const known = sortPositive(ratiosOf(samples, clean));
  const censored = sortPositive(ratiosOf(samples, truncated));
  const { steps, quantiles } = drawnSurvival(known, censored, probabilities);
  const plain = probabilities.map((probability) => plainQuantile(known, probability));
  const intervals = plainIntervals(samples, clean, known, plain);
  return {
    samples: known.length,
    truncated: censored.length,
    quantiles: probabilities.map((probability, index) => ({
      probability,
      plain: plain[index] ?? NaN,
      plainInterval: intervals[index] ?? null,
      censored: quantiles[index] ?? null,
    })),
    curve: steps.map(({ value, survival, interval }) => ({ ratio: value, exceeding: survival, interval })),
    largest: Math.max(known.at(-1) ?? 0, censored.at(-1) ?? 0),
  };
}

/** Order statistics where every phase has one sample; otherwise samples of one phase are taken together. */
function plainIntervals(
  samples: TelemetrySamples,
  clean: Uint32Array,
  known: Float64Array,
  quantiles: readonly number[],
): readonly (Interval | null)[] {
  const sizes = new Uint32Array(samples.phases.length);
  let repeats = false;
  for (const at of clean) {
    const phase = samples.phase[at] ?? 0;
    const size = (sizes[phase] ?? 0) + 1;
    sizes[phase] = size;
    if (size > 1) repeats = true;
  }
  if (!repeats) return probabilities.map((probability) => quantileInterval(known, probability));
  if (clean.length > mostResampled) {
    return hitsOf(samples, clean, quantiles).map((hits) => clusteredQuantileInterval(known, { hits, sizes }));
  }
  const ratio = (at: number): number => ratioOf(samples, at);
  return bootstrapQuantiles(clean, ratio, (at) => samples.phase[at] ?? 0, probabilities);
}

/** For each quantile, how many samples of each phase do not exceed it. */
function hitsOf(samples: TelemetrySamples, clean: Uint32Array, quantiles: readonly number[]): Uint32Array[] {
  const hits = quantiles.map(() => new Uint32Array(samples.phases.length));
  for (const at of clean) {
    const [phase, ratio] = [samples.phase[at] ?? 0, ratioOf(samples, at)];
    for (let index = hits.length - 1; index >= 0 && ratio <= (quantiles[index] ?? NaN); index -= 1) {
      const own = hits[index];
      if (own !== undefined) own[phase] = (own[phase] ?? 0) + 1;
    }
  }
  return hits;
}

function ratiosOf(samples: TelemetrySamples, indices: Uint32Array): Float64Array<ArrayBuffer> {
  const values = new Float64Array(indices.length);
  for (let row = 0; row < indices.length; row += 1) values[row] = ratioOf(samples, indices[row] ?? 0);
  return values;
}

function ratioOf({ actual, predicted }: TelemetrySamples, at: number): number {
  return (actual[at] ?? NaN) / (predicted[at] ?? NaN);
}
