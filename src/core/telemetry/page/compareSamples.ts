import { evidenceSamples } from '../evidence/evidenceSamples.ts';
import { evidenceFigures, type EvidenceFigures } from '../evidence/telemetryEvidence.ts';
import type { TelemetrySamples } from '../samples/telemetrySamples.ts';
import { sampleTest, type TelemetryFilter } from './telemetryFilter.ts';

/** How sure the figures of one sample are, to be held against those of another: of its clean samples and of those cut off. */
export interface ComparedSample extends EvidenceFigures {
  readonly filter: TelemetryFilter;
  readonly clean: number;
  readonly truncated: number;
}

/** Two samples side by side: the one that was kept, and the one that is shown. */
export interface SampleComparison {
  readonly kept: ComparedSample;
  readonly shown: ComparedSample;
}

/** Both by the same rules, whatever is analysed beside them. They may overlap: each is described by itself. */
export function compareSamples(
  samples: TelemetrySamples,
  kept: TelemetryFilter,
  shown: TelemetryFilter,
): SampleComparison {
  return { kept: describeSample(samples, kept), shown: describeSample(samples, shown) };
}

function describeSample(samples: TelemetrySamples, filter: TelemetryFilter): ComparedSample {
  const evidence = evidenceSamples(samples, sampleTest(samples, filter));
  const { clean, truncated } = evidence;
  return {
    filter,
    clean: clean.length,
    truncated: truncated.length,
    ...evidenceFigures(samples, evidence),
  };
}
