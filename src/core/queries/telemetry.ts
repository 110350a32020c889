import type { ScanColumn } from '../db/scan/scanColumn.ts';
import { scanTable } from '../db/scan/scanTable.ts';
import { ColumnDecoders } from '../db/scan/columnDecoders.ts';
import { UserFacingError } from '../errors.ts';
import { finishKind, finishKinds } from '../telemetry/finishReason.ts';
import type { FinishKind } from '../telemetry/finishReason.ts';
import { markDuplicates } from '../telemetry/markDuplicates.ts';
import type { PhaseIndex } from '../telemetry/phaseIndex.ts';
import type { TelemetrySamples } from '../telemetry/telemetrySamples.ts';
import { TelemetrySamplesBuilder } from '../telemetry/telemetrySamplesBuilder.ts';
import type { QueryContext } from './queryContext.ts';
import { readPhaseIndex } from './phaseIndex.ts';
import { PhaseNumbers } from './phaseNumbers.ts';
import { readTotalUsage } from './totalUsage.ts';

const table = 'token_estimation_v2_events';

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
  const phases = readPhaseIndex(context);
  const builder = new TelemetrySamplesBuilder(phases);
  readEvents(context, builder, phases, withDetails);
  const samples = builder.build();
  markDuplicates(samples);
  readTotalUsage(context, phases).mark(samples);
  return samples;
}

function readEvents(
  context: QueryContext,
  builder: TelemetrySamplesBuilder,
  phases: PhaseIndex,
  withDetails: boolean,
): void {
  const numbers = new PhaseNumbers(phases);
  const hasReasons = context.schema.hasColumn(table, 'stop_reason');
  const columns = eventColumns(new ColumnDecoders(table, context.warnings), builder, numbers);
  // One object for all rows: a new one for each would be most of the time's garbage.
  const sample = {
    phase: 0,
    category: 0,
    complexity: 0,
    model: 0,
    mix: builder.mixes.index(null),
    deliverableCount: 0,
    predicted: NaN,
    actual: NaN,
    success: false,
    truncated: false,
    finish: 'complete' as FinishKind,
    timestamp: NaN,
    limit: NaN,
    budget: NaN,
    suspicion: 0,
  };
  scanTable(context, table, withDetails ? columns : columns.slice(0, -1), (row) => {
    sample.phase = numbers.phase(row[0] ?? 0, row[1] ?? 0);
    sample.category = row[2] ?? 0;
    sample.complexity = row[3] ?? 0;
    sample.model = row[4] ?? 0;
    sample.deliverableCount = row[5] ?? 0;
    sample.predicted = row[6] ?? NaN;
    sample.actual = row[7] ?? NaN;
    sample.success = row[8] === 1;
    sample.truncated = row[9] === 1;
    sample.limit = row[10] ?? NaN;
    sample.budget = row[11] ?? NaN;
    sample.finish = (hasReasons ? finishKinds[row[12] ?? 0] : undefined) ?? 'complete';
    sample.timestamp = row[13] ?? NaN;
    if (withDetails) sample.mix = row[14] ?? 0;
    builder.addNumbered(sample);
  });
}

function eventColumns(
  of: ColumnDecoders,
  builder: TelemetrySamplesBuilder,
  phases: PhaseNumbers,
): readonly ScanColumn[] {
  return [
    of.text('run_id', (text) => phases.runs.index(text)),
    of.text('phase_id', (text) => phases.ids.index(text)),
    of.text('category', (text) => builder.categories.index(text)),
    of.text('complexity', (text) => builder.complexities.index(text)),
    of.text('model', (text) => builder.models.index(text)),
    of.integer('deliverable_count'),
    of.integer('predicted_output_tokens'),
    of.integer('actual_output_tokens'),
    of.flag('success'),
    of.flag('truncated'),
    of.integer('actual_max_tokens'),
    of.integer('selected_budget'),
    of.text('stop_reason', (text) => finishKinds.indexOf(finishKind(text))),
    of.time('timestamp'),
    of.text('deliverables_json', (text) => builder.mixes.index(text)),
  ];
}
