import { NumberColumn } from '../numberColumn.ts';
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
  const [sound, cut] = [column(), column()];
  for (let at = 0; at < samples.count; at += 1) {
    if (samples.quality[at] === clean) {
      if (wanted(at)) sound.push(at);
    } else if (samples.truncated[at] === 1 && isLowerBound(samples, at) && wanted(at)) cut.push(at);
  }
  return { clean: sound.view(), truncated: cut.view() };
}

function isLowerBound(samples: TelemetrySamples, at: number): boolean {
  const positive = (samples.predicted[at] ?? 0) > 0 && (samples.actual[at] ?? 0) > 0;
  const phase = samples.phases[samples.phase[at] ?? 0];
  const known = phase !== undefined && !isOrphaned(phase);
  return positive && known && cutOff.includes(samples.quality[at] ?? clean);
}

function column(): NumberColumn<Uint32Array> {
  return new NumberColumn((length) => new Uint32Array(length));
}
