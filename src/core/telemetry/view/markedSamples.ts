import type { TelemetrySamples } from '../telemetrySamples.ts';
import { largestValues, negative } from './largestValues.ts';

/** What part of the marks is kept for each kind of extremes. */
const keptShare = 0.1;

/**
 * Which samples are drawn as marks, at most `most`, by index: all of `drawable`, or of more those furthest off (predicted too
 * low, predicted too high, cut off furthest above their prediction) and an even selection of `others`. So no outlier
 * vanishes, however many samples there are.
 */
export function markedSamples(
  samples: TelemetrySamples,
  drawable: Uint32Array,
  most: number,
  others: Uint32Array = drawable,
): Uint32Array {
  if (drawable.length <= most) return drawable;
  const ratios = gather(samples, drawable);
  const kept = Math.floor(most * keptShare);
  const cut = drawable.filter((at) => samples.truncated[at] === 1);
  const marked = new Set([
    ...largestValues(ratios, kept).map((place) => drawable[place] ?? 0),
    ...largestValues(negative(ratios), kept).map((place) => drawable[place] ?? 0),
    ...largestValues(gather(samples, cut), kept).map((place) => cut[place] ?? 0),
  ]);
  const rest = others.filter((at) => !marked.has(at));
  for (const at of evenly(rest, most - marked.size)) marked.add(at);
  return Uint32Array.from(marked).sort();
}

/** actual / predicted of some samples. */
function gather({ actual, predicted }: TelemetrySamples, indices: Uint32Array): Float64Array {
  const ratios = new Float64Array(indices.length);
  for (let place = 0; place < indices.length; place += 1) {
    const at = indices[place] ?? 0;
    ratios[place] = (actual[at] ?? NaN) / (predicted[at] ?? NaN);
  }
  return ratios;
}

/** All of them, or `most` of them at equal distances, so that every part of the database is shown alike. */
function evenly(all: Uint32Array, most: number): Uint32Array {
  if (all.length <= most) return all;
  return Uint32Array.from({ length: most }, (_, index) => all[Math.floor((index * all.length) / most)] ?? 0);
}
