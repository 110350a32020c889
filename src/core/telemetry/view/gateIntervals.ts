import { isAnalysed } from '../analyseTelemetry.ts';
import { PhaseRateTally } from '../evidence/riskInterval.ts';
import { sampleQualities } from '../sampleQuality.ts';
import { tells } from '../sampleTally.ts';
import type { Interval } from '../statistics/interval.ts';
import type { TelemetryGateId, TelemetryOptions } from '../telemetryAnalysis.ts';
import type { TelemetrySamples } from '../telemetrySamples.ts';

/** How sure the rates of gates are: 95 %, in percent; samples of one phase count as repeats. Without a sample, none. */
export type GateIntervals = Readonly<Partial<Record<TelemetryGateId, Interval>>>;

const synthetic = sampleQualities.indexOf('synthetic');

/** The intervals of the gates, over the samples that the gates are judged by: the real ones that are analysed, and all real ones for truncation. */
export function gateIntervals(samples: TelemetrySamples, options: Required<TelemetryOptions>): GateIntervals {
  const { length } = samples.phases;
  const [under, cut] = [new PhaseRateTally(length), new PhaseRateTally(length)];
  for (let at = 0; at < samples.count; at += 1) {
    if (samples.quality[at] === synthetic) continue;
    const phase = samples.phase[at] ?? 0;
    if (tells(samples, at)) cut.add(phase, samples.truncated[at] === 1);
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
