import { scanTable } from '../db/scan/scanTable.ts';
import { ColumnDecoders } from '../db/scan/columnDecoders.ts';
import type { PhaseIndex } from '../telemetry/phaseIndex.ts';
import { TotalUsage } from '../telemetry/totalUsage.ts';
import { PhaseNumbers } from './phaseNumbers.ts';
import type { QueryContext } from './queryContext.ts';

const table = 'llm_usage_events';

/** What the usage records tell of the phases in the index; nothing where there is no such table. */
export function readTotalUsage(context: QueryContext, phases: PhaseIndex): TotalUsage {
  const usage = new TotalUsage();
  if (!context.schema.hasTable(table)) return usage;
  const numbers = new PhaseNumbers(phases);
  const of = new ColumnDecoders(table, context.warnings);
  const columns = [
    of.text('run_id', (text) => numbers.runs.index(text)),
    of.text('phase_id', (text) => numbers.ids.index(text)),
    of.integer('prompt_tokens'),
    of.integer('completion_tokens'),
    of.integer('total_tokens'),
  ];
  scanTable(context, table, columns, ([run = 0, id = 0, input = NaN, output = NaN, total = NaN]) => {
    const phase = numbers.find(run, id);
    if (phase !== undefined) usage.add(phase, input, output, total);
  });
  return usage;
}
