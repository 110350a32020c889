import { analyseTelemetry } from '../analyseTelemetry.ts';
import { indicesByTime } from '../indicesByTime.ts';
import type { TelemetryAnalysis, TelemetryOptions } from '../telemetryAnalysis.ts';
import type { TelemetrySamples } from '../telemetrySamples.ts';
import { gateIntervals } from './gateIntervals.ts';
import type { GateIntervals } from './gateIntervals.ts';
import { type SampleRatios, sampleRatios } from './sampleRatios.ts';
import { telemetryFacets } from './telemetryFacets.ts';
import type { TelemetryFacets } from './telemetryFacets.ts';

/** The figures of a whole database. */
export interface WholeFigures {
  readonly analysis: TelemetryAnalysis;
  readonly intervals: GateIntervals;
}

/** The samples of one state of a database, with what views of them share; made once, so that a filter answers at once. */
export class TelemetrySource {
  readonly samples: TelemetrySamples;
  readonly facets: TelemetryFacets;
  /** The samples that tell their time, by index, earliest first. */
  readonly byTime: Uint32Array;
  readonly ratios: SampleRatios;
  #whole: { readonly key: string; readonly figures: WholeFigures } | null = null;

  constructor(samples: TelemetrySamples) {
    this.samples = samples;
    this.facets = telemetryFacets(samples);
    this.byTime = indicesByTime(samples.timestamp);
    this.ratios = sampleRatios(samples);
  }

  /** The figures of all samples; those of the last options are kept. */
  whole(options: TelemetryOptions): WholeFigures {
    const key = JSON.stringify(options);
    if (this.#whole?.key !== key) {
      const analysis = analyseTelemetry(this.samples, options);
      const intervals = gateIntervals(this.samples, analysis.options);
      this.#whole = { key, figures: { analysis, intervals } };
    }
    return this.#whole.figures;
  }
}
