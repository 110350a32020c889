import { type QualityCounts, sampleQualities } from '../sampleQuality.ts';
import type { TelemetrySamples } from '../telemetrySamples.ts';

/** How many samples are in each class. */
export function countQualities(samples: TelemetrySamples): QualityCounts {
  const counts = { synthetic: 0, failed: 0, truncated: 0, suspect: 0, orphaned: 0, clean: 0 };
  for (const index of samples.quality) counts[sampleQualities[index] ?? 'suspect'] += 1;
  return counts;
}
