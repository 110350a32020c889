import { compareComplexity, compareText } from '../../model/sampleKind.ts';
import { isOrphaned } from '../samples/phaseIndex.ts';
import { sampleQualities } from '../samples/sampleQuality.ts';
import type { TelemetrySamples } from '../samples/telemetrySamples.ts';

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

/** A kind of phase, as an estimator tells them apart. */
export interface SampleGroup {
  readonly category: string;
  readonly complexity: string;
}

/** The number of the group of sample `at`; see {@link sampleGroups}. */
export function groupOf(
  { category, complexity, complexities }: Pick<TelemetrySamples, 'category' | 'complexity' | 'complexities'>,
  at: number,
): number {
  return (category[at] ?? 0) * complexities.length + (complexity[at] ?? 0);
}

/** The group with this number. */
export function sampleGroup({ categories, complexities }: TelemetrySamples, group: number): SampleGroup {
  return {
    category: categories[Math.floor(group / complexities.length)] ?? 'unknown',
    complexity: complexities[group % complexities.length] ?? 'unknown',
  };
}

/** Orders groups by category, then low, medium, high. */
export function compareGroups(a: SampleGroup, b: SampleGroup): number {
  return compareText(a.category, b.category) || compareComplexity(a.complexity, b.complexity);
}
