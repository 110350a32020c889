import { quantileSorted } from 'simple-statistics';
import type { Interval } from '../statistics/interval.ts';
import { kaplanMeier, reachesQuantile } from '../statistics/kaplanMeier.ts';
import { quantileInterval } from '../statistics/quantileInterval.ts';
import type { TelemetrySamples } from '../telemetrySamples.ts';
import type { EvidenceSamples } from './evidenceSamples.ts';
import { bootstrapQuantiles } from './bootstrapQuantiles.ts';
import type { ExceedanceStep, RatioDistribution } from './ratioDistribution.ts';

const probabilities = [0.5, 0.9, 0.95] as const;
/** More steps than this cannot be seen on any screen. */
const mostSteps = 200;

/** The distribution of actual / predicted as recorded; `null` without a clean sample. */
export function describeRatios(
  samples: TelemetrySamples,
  { clean, truncated }: EvidenceSamples,
): RatioDistribution | null {
  if (clean.length === 0) return null;
  const ratio = (at: number): number => (samples.actual[at] ?? NaN) / (samples.predicted[at] ?? NaN);
  const known = sorted(clean, ratio);
  const censored = sorted(truncated, ratio);
  const { curve, quantiles } = survival(known, censored);
  // The library only indexes, and a copy of millions would cost more than all else here.
  const plain = known as unknown as number[];
  const intervals = plainIntervals(samples, clean, known, ratio);
  return {
    samples: known.length,
    truncated: censored.length,
    quantiles: probabilities.map((probability, index) => ({
      probability,
      plain: quantileSorted(plain, probability),
      plainInterval: intervals[index] ?? null,
      censored: quantiles[index] ?? null,
    })),
    curve,
    largest: Math.max(known.at(-1) ?? 0, censored.at(-1) ?? 0),
  };
}

/** Order statistics where every phase has one sample; otherwise samples of one phase are resampled together. */
function plainIntervals(
  samples: TelemetrySamples,
  clean: Uint32Array,
  known: Float64Array,
  ratio: (at: number) => number,
): readonly (Interval | null)[] {
  if (!repeatsPhase(samples, clean))
    return probabilities.map((probability) => quantileInterval(known, probability));
  const phaseOf = (at: number): number => samples.phase[at] ?? 0;
  return bootstrapQuantiles(clean, ratio, phaseOf, probabilities);
}

function repeatsPhase(samples: TelemetrySamples, clean: Uint32Array): boolean {
  const met = new Uint8Array(samples.phases.length);
  for (const at of clean) {
    const phase = samples.phase[at] ?? 0;
    if (met[phase] === 1) return true;
    met[phase] = 1;
  }
  return false;
}

function sorted(indices: Uint32Array, value: (at: number) => number): Float64Array {
  const values = new Float64Array(indices.length);
  for (let row = 0; row < indices.length; row += 1) values[row] = value(indices[row] ?? 0);
  return values.sort();
}

function survival(known: Float64Array, censored: Float64Array) {
  const quantiles: (number | null)[] = probabilities.map(() => null);
  const curve: ExceedanceStep[] = [];
  let [seen, next] = [0, 0];
  for (const step of kaplanMeier(known, censored)) {
    for (const [index, probability] of probabilities.entries()) {
      if (reachesQuantile(step, probability)) quantiles[index] ??= step.value;
    }
    seen += step.events;
    if (seen < next && seen < known.length) continue;
    next += known.length / mostSteps;
    curve.push({ ratio: step.value, exceeding: step.survival, interval: step.interval });
  }
  return { curve, quantiles };
}
