import { evidenceSamples } from '../evidence/evidenceSamples.ts';
import { gather } from '../gather.ts';
import { orderOfPositive } from '../statistics/sortPositive.ts';
import type { TelemetrySamples } from '../telemetrySamples.ts';

/** What every view computes anew from the same numbers, computed once; columns are as long as the samples. */
export interface SampleRatios {
  /** actual / predicted, NaN where one is not positive. */
  readonly ratio: Float64Array;
  /** The natural logarithms of predicted and actual. */
  readonly logPredicted: Float32Array;
  readonly logActual: Float32Array;
  /** Indices of the samples that count, by rising ratio: clean ones, and truncated ones as lower bounds. */
  readonly clean: Uint32Array;
  readonly truncated: Uint32Array;
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
  return {
    ratio,
    logPredicted,
    logActual,
    clean: byRatio(clean, ratio),
    truncated: byRatio(truncated, ratio),
  };
}

function byRatio(indices: Uint32Array, ratio: Float64Array): Uint32Array {
  return orderOfPositive(gather(ratio, indices)).map((row) => indices[row] ?? 0);
}
