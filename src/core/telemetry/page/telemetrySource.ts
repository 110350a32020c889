import { reuse, type QueryContext } from '../../db/scan/queryContext.ts';
import { analyseTelemetry, isAnalysed } from '../analysis/analyseTelemetry.ts';
import type { TelemetryAnalysis, TelemetryOptions, TelemetryGateId } from '../analysis/telemetryAnalysis.ts';
import { isOutcomeKnown } from '../analysis/telemetryGates.ts';
import { PhaseRateTally } from '../evidence/riskInterval.ts';
import { indicesByTime } from '../samples/columns.ts';
import { readTelemetrySamples } from '../samples/readTelemetrySamples.ts';
import { sampleQualities } from '../samples/sampleQuality.ts';
import type { TelemetrySamples } from '../samples/telemetrySamples.ts';
import type { Interval } from '../statistics/interval.ts';
import { sampleRatios, type SampleRatios } from './ratioCurves.ts';
import { telemetryFacets, type TelemetryFacets } from './telemetryFacets.ts';

/** The figures of a whole database. */
export interface WholeFigures {
  readonly analysis: TelemetryAnalysis;
  readonly intervals: GateIntervals;
}

/** The samples of one state of a database, with what views of them share; made once, so that a filter answers at once. */
export class TelemetrySource {
  readonly samples: TelemetrySamples;
  readonly facets: TelemetryFacets;
  /** The samples with a known time, by index, earliest first. */
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

/** All samples, kept until the database changes, so that only the first question about them reads it. Fails with `no-telemetry-table`. */
export function telemetrySource(context: QueryContext): TelemetrySource {
  return reuse(context, 'telemetrySource', (own) => new TelemetrySource(readTelemetrySamples(own)));
}

/** How sure the rates of gates are: 95 %, in percent; samples of one phase count as repeats. Without a sample, none. */
export type GateIntervals = Readonly<Partial<Record<TelemetryGateId, Interval>>>;

const synthetic = sampleQualities.indexOf('synthetic');

/** The intervals of the gates, over the samples that the gates are judged by: the real ones that are analysed, and all real ones for truncation. */
function gateIntervals(samples: TelemetrySamples, options: Required<TelemetryOptions>): GateIntervals {
  const { length } = samples.phases;
  const [under, cut] = [new PhaseRateTally(length), new PhaseRateTally(length)];
  for (let at = 0; at < samples.count; at += 1) {
    if (samples.quality[at] === synthetic) continue;
    const phase = samples.phase[at] ?? 0;
    if (isOutcomeKnown(samples, at)) cut.add(phase, samples.truncated[at] === 1);
    if (!isAnalysed(samples, at, options)) continue;
    const enough = (samples.predicted[at] ?? NaN) * options.underMultiplier;
    under.add(phase, (samples.actual[at] ?? NaN) > enough);
  }
  const [underestimation, truncation] = [under.risk()?.interval, cut.risk()?.interval];
  return {
    ...(underestimation === undefined ? {} : { underestimation }),
    ...(truncation === undefined ? {} : { truncation }),
  };
}
