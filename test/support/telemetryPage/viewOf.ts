import {
  defaultTelemetryOptions,
  type TelemetryOptions,
} from '../../../src/core/telemetry/analysis/telemetryAnalysis.ts';
import type { TelemetrySamples } from '../../../src/core/telemetry/samples/telemetrySamples.ts';
import { noFilter, type TelemetryFilter } from '../../../src/core/telemetry/page/telemetryFilter.ts';
import { TelemetrySource } from '../../../src/core/telemetry/page/telemetrySource.ts';
import { viewTelemetry, type TelemetryView } from '../../../src/core/telemetry/page/telemetryView.ts';

/** The view of samples, with the page's own options and no filter but for what the test says. */
export function viewOf(
  samples: TelemetrySamples,
  options: Partial<TelemetryOptions> = {},
  filter: Partial<TelemetryFilter> = {},
  limit?: number,
  compared: TelemetryFilter | null = null,
): TelemetryView {
  const question = {
    options: { ...defaultTelemetryOptions, ...options },
    filter: { ...noFilter, ...filter },
    compared,
  };
  return viewTelemetry(new TelemetrySource(samples), question, limit);
}
