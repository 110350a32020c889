import { UserFacingError } from '../errors.ts';
import { markDuplicates } from '../telemetry/markDuplicates.ts';
import type { TelemetrySamples } from '../telemetry/telemetrySamples.ts';
import { eventTable as table } from './eventPart.ts';
import { joinEventParts } from './joinEventParts.ts';
import { readPhaseIndex } from './phaseIndex.ts';
import type { QueryContext } from './queryContext.ts';
import { readEvents } from './readEvents.ts';
import { readTotalUsage } from './totalUsage.ts';

/**
 * All telemetry samples of a database, in the order in which the table lies on disk, each with its quality and whatever
 * speaks against it; `withDetails` reads their deliverables too. The limit is the one that was sent
 * with the call: the budget selected may have been raised before. Fails with `no-telemetry-table`. A value that is not what its column should hold is counted as a warning,
 * never dropped.
 */
export function readTelemetrySamples(context: QueryContext, withDetails = false): TelemetrySamples {
  if (!context.schema.hasTable(table)) {
    throw new UserFacingError(
      'no-telemetry-table',
      `This database has no telemetry: the table ${table} is missing.`,
      'Create a telemetry seed database, and drain its phases with telemetry on.',
    );
  }
  const readRest = readEvents(context, withDetails);
  const phases = readPhaseIndex(context);
  const samples = joinEventParts(readRest(), phases);
  markDuplicates(samples);
  readTotalUsage(context, phases).mark(samples);
  return samples;
}
