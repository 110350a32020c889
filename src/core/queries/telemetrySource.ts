import { TelemetrySource } from '../telemetry/view/telemetrySource.ts';
import { reuse } from './queryContext.ts';
import type { QueryContext } from './queryContext.ts';
import { readTelemetrySamples } from './telemetry.ts';

/** All samples, kept until the database changes, so that only the first question about them reads it. Fails with `no-telemetry-table`. */
export function telemetrySource(context: QueryContext): TelemetrySource {
  return reuse(context, 'telemetrySource', (own) => new TelemetrySource(readTelemetrySamples(own)));
}
