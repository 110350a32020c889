import { analyseTelemetry } from '../analysis/analyseTelemetry.ts';
import type { TelemetryAnalysis, TelemetryOptions } from '../analysis/telemetryAnalysis.ts';
import type { DescribeRatios } from '../evidence/describeRatios.ts';
import { beginEvidence } from '../evidence/telemetryEvidence.ts';
import { sampleTest, type TelemetryFilter } from '../page/telemetryFilter.ts';
import { listSuspects } from '../samples/suspects.ts';
import type { TelemetrySamples } from '../samples/telemetrySamples.ts';
import type { ReportExtras } from './telemetryReport.ts';

/** What a report is to tell besides the analysis. */
export interface FindingsQuestion {
  /** How many suspect samples are listed; none by default. */
  readonly suspects?: number;
  /** Whether to tell how sure the figures are; not by default. */
  readonly withEvidence?: boolean;
  /** Which samples the figures are about; all without one. The gates are of all either way. */
  readonly filter?: TelemetryFilter;
}

/** What the telemetry says, and what a report tells besides. */
export interface TelemetryFindings extends ReportExtras {
  /** Of all samples. */
  readonly analysis: TelemetryAnalysis;
}

/** Analyses samples as a report wants them; `describe` does a part of that beside the rest. */
export function telemetryFindings(
  samples: TelemetrySamples,
  options: TelemetryOptions,
  { suspects = 0, withEvidence = false, filter }: FindingsQuestion,
  describe?: DescribeRatios,
): TelemetryFindings {
  const passes = filter === undefined ? undefined : sampleTest(samples, filter);
  const evidenceOf = withEvidence ? beginEvidence(samples, passes, describe) : () => null;
  const findings = {
    analysis: analyseTelemetry(samples, options),
    ...(filter === undefined
      ? {}
      : { filtered: { filter, selected: analyseTelemetry(samples, options, passes) } }),
    ...(suspects > 0 ? { suspects: listSuspects(samples, suspects, passes) } : {}),
  };
  const evidence = evidenceOf();
  return { ...findings, ...(evidence === null ? {} : { evidence }) };
}
