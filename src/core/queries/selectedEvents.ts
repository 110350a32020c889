import { NumberColumn } from '../telemetry/numberColumn.ts';
import { sampleTest } from '../telemetry/view/telemetryFilter.ts';
import type { TelemetryFilter } from '../telemetry/view/telemetryFilter.ts';
import type { QueryContext } from './queryContext.ts';
import { telemetrySource } from './telemetrySource.ts';

/** The events that a filter leaves. */
export interface EventSelection {
  /** Row ids, ascending. */
  readonly ids: Float64Array;
  /** How many events there are in all. */
  readonly of: number;
}

/** Finds the events that a filter leaves: by what is known of all of them, as of duplicates. Fails with `no-telemetry-table`. */
export function selectedEvents(context: QueryContext, filter: TelemetryFilter): EventSelection {
  const { samples } = telemetrySource(context);
  const passes = sampleTest(samples, filter);
  const ids = new NumberColumn((length) => new Float64Array(length));
  let at = 0;
  // Samples are read in the order of the row ids.
  context.db.each('SELECT rowid FROM token_estimation_v2_events ORDER BY rowid', [], ([id]) => {
    if (passes(at)) ids.push(Number(id));
    at += 1;
  });
  return { ids: ids.view().slice(), of: samples.count };
}
