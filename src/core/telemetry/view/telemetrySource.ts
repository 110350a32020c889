import { analyseTelemetry } from '../analyseTelemetry.ts';
import type { TelemetryAnalysis, TelemetryOptions } from '../telemetryAnalysis.ts';
import type { TelemetrySamples } from '../telemetrySamples.ts';
import { telemetryFacets } from './telemetryFacets.ts';
import type { TelemetryFacets } from './telemetryFacets.ts';

/** The samples of one state of a database, with what views of them share; made once, so that a filter answers at once. */
export class TelemetrySource {
  readonly samples: TelemetrySamples;
  readonly facets: TelemetryFacets;
  /** The samples that tell their time, by index, earliest first. */
  readonly byTime: Uint32Array;
  #whole: { readonly key: string; readonly analysis: TelemetryAnalysis } | null = null;

  constructor(samples: TelemetrySamples) {
    this.samples = samples;
    this.facets = telemetryFacets(samples);
    this.byTime = inTime(samples.timestamp);
  }

  /** The figures of all samples; those of the last options are kept. */
  whole(options: TelemetryOptions): TelemetryAnalysis {
    const key = JSON.stringify(options);
    if (this.#whole?.key !== key) this.#whole = { key, analysis: analyseTelemetry(this.samples, options) };
    return this.#whole.analysis;
  }
}

function inTime(timestamp: Float64Array): Uint32Array {
  const timed = Uint32Array.from(timestamp.keys()).filter((at) => !Number.isNaN(timestamp[at]));
  const isBefore = (at: number, index: number): boolean =>
    index === 0 || (timestamp[timed[index - 1] ?? 0] ?? 0) <= (timestamp[at] ?? 0);
  // Events are mostly written in their order, and looking is much faster than sorting.
  if (timed.every(isBefore)) return timed;
  return timed.sort((a, b) => (timestamp[a] ?? 0) - (timestamp[b] ?? 0));
}
