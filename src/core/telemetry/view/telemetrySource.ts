import { analyseTelemetry } from '../analyseTelemetry.ts';
import type { TelemetryAnalysis, TelemetryOptions } from '../telemetryAnalysis.ts';
import type { TelemetrySamples } from '../telemetrySamples.ts';
import { gateIntervals } from './gateIntervals.ts';
import type { GateIntervals } from './gateIntervals.ts';
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
  #whole: { readonly key: string; readonly figures: WholeFigures } | null = null;

  constructor(samples: TelemetrySamples) {
    this.samples = samples;
    this.facets = telemetryFacets(samples);
    this.byTime = inTime(samples.timestamp);
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

function inTime(timestamp: Float64Array): Uint32Array {
  const timed = Uint32Array.from(timestamp.keys()).filter((at) => !Number.isNaN(timestamp[at]));
  const isBefore = (at: number, index: number): boolean =>
    index === 0 || (timestamp[timed[index - 1] ?? 0] ?? 0) <= (timestamp[at] ?? 0);
  // Events are mostly written in their order, and looking is much faster than sorting.
  if (timed.every(isBefore)) return timed;
  return timed.sort((a, b) => (timestamp[a] ?? 0) - (timestamp[b] ?? 0));
}
