import { defaultTelemetryOptions } from '../../../src/core/telemetry/telemetryAnalysis.ts';
import type { TelemetryOptions } from '../../../src/core/telemetry/telemetryAnalysis.ts';
import type { TelemetrySamples } from '../../../src/core/telemetry/telemetrySamples.ts';
import { noFilter } from '../../../src/core/telemetry/view/telemetryFilter.ts';
import type { TelemetryFilter } from '../../../src/core/telemetry/view/telemetryFilter.ts';
import { TelemetrySource } from '../../../src/core/telemetry/view/telemetrySource.ts';
import { viewTelemetry } from '../../../src/core/telemetry/view/telemetryView.ts';
import type { TelemetryView } from '../../../src/core/telemetry/view/telemetryView.ts';

/** The view of samples, with the page's own options and no filter but for what the test says. */
export function viewOf(
  samples: TelemetrySamples,
  options: Partial<TelemetryOptions> = {},
  filter: Partial<TelemetryFilter> = {},
  limit?: number,
): TelemetryView {
  const question = {
    options: { ...defaultTelemetryOptions, ...options },
    filter: { ...noFilter, ...filter },
  };
  return viewTelemetry(new TelemetrySource(samples), question, limit);
}
