import { evidenceSamples } from '../evidence/evidenceSamples.ts';
import { groupOf } from '../evidence/sampleGroup.ts';
import { gather } from '../gather.ts';
import { sortWithLabels } from '../statistics/radixSort.ts';
import type { TelemetrySamples } from '../telemetrySamples.ts';

/** What every view computes anew from the same numbers, computed once; columns are as long as the samples. */
export interface SampleRatios {
  /** actual / predicted, NaN where one is not positive. */
  readonly ratio: Float64Array;
  /** The natural logarithms of predicted and actual. */
  readonly logPredicted: Float32Array;
  readonly logActual: Float32Array;
  /** The phase of each sample, by number. */
  readonly phase: Uint32Array;
  /** The kind of phase of each sample, by number. */
  readonly kind: Uint32Array;
  /** The samples that count: clean ones, and truncated ones as lower bounds. */
  readonly clean: RankedRatios;
  readonly truncated: RankedRatios;
}

/** Samples by rising ratio: their indices and, in the same order, their ratios. */
export interface RankedRatios {
  readonly order: Uint32Array;
  readonly ratio: Float64Array;
}

/** The ratios of samples, and the order of those that count. */
export function sampleRatios(samples: TelemetrySamples): SampleRatios {
  const { count, predicted, actual } = samples;
  const ratio = new Float64Array(count);
  const [logPredicted, logActual] = [new Float32Array(count), new Float32Array(count)];
  for (let at = 0; at < count; at += 1) {
    const [guess = NaN, used = NaN] = [predicted[at], actual[at]];
    ratio[at] = guess > 0 && used > 0 ? used / guess : NaN;
    logPredicted[at] = Math.log(guess);
    logActual[at] = Math.log(used);
  }
  const { clean, truncated } = evidenceSamples(samples);
  const kind = new Uint32Array(count).map((_, at) => groupOf(samples, at));
  return {
    phase: samples.phase,
    kind,
    ratio,
    logPredicted,
    logActual,
    clean: ranked(clean, ratio),
    truncated: ranked(truncated, ratio),
  };
}

function ranked(indices: Uint32Array, ratio: Float64Array): RankedRatios {
  const { values, labels } = sortWithLabels(gather(ratio, indices), indices);
  return { order: labels, ratio: values };
}
