import { isOrphaned } from '../phaseIndex.ts';
import { sampleQualities } from '../sampleQuality.ts';
import type { TelemetrySamples } from '../telemetrySamples.ts';

const clean = sampleQualities.indexOf('clean');
const cutOff = [sampleQualities.indexOf('truncated'), sampleQualities.indexOf('failed')];

/** What may be concluded from: indices into the samples, all with positive numbers. */
export interface EvidenceSamples {
  /** The only evidence. */
  readonly clean: Uint32Array;
  /**
   * Real calls that were cut off, successful or not, of phases that exist or that only a log tells of: each says that its
   * work needs at least what it used. They correct the clean ones and are never evidence by themselves.
   */
  readonly truncated: Uint32Array;
}

/** Picks what counts; `wanted` narrows it down. */
export function evidenceSamples(
  samples: TelemetrySamples,
  wanted: (at: number) => boolean = () => true,
): EvidenceSamples {
  const { count, quality, truncated } = samples;
  // Memory that is not written to costs nothing.
  const [sound, cut] = [new Uint32Array(count), new Uint32Array(count)];
  let [soundCount, cutCount] = [0, 0];
  for (let at = 0; at < count; at += 1) {
    if (quality[at] === clean) {
      if (wanted(at)) sound[soundCount++] = at;
    } else if (truncated[at] === 1 && isLowerBound(samples, at) && wanted(at)) cut[cutCount++] = at;
  }
  return { clean: sound.subarray(0, soundCount), truncated: cut.subarray(0, cutCount) };
}

function isLowerBound(samples: TelemetrySamples, at: number): boolean {
  const positive = (samples.predicted[at] ?? 0) > 0 && (samples.actual[at] ?? 0) > 0;
  const phase = samples.phases[samples.phase[at] ?? 0];
  const known = phase !== undefined && !isOrphaned(phase);
  return positive && known && cutOff.includes(samples.quality[at] ?? clean);
}
