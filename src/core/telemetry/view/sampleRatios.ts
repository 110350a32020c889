import type { TelemetrySamples } from '../telemetrySamples.ts';

/** actual / predicted of the samples with these indices. A loop, for it runs over all samples with every change of a filter. */
export function sampleRatios({ actual, predicted }: TelemetrySamples, chosen: Uint32Array): Float64Array {
  const ratios = new Float64Array(chosen.length);
  for (let index = 0; index < chosen.length; index += 1) {
    const at = chosen[index] ?? 0;
    ratios[index] = (actual[at] ?? NaN) / (predicted[at] ?? NaN);
  }
  return ratios;
}
