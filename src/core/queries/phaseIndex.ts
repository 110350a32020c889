import { scanTable } from '../db/scan/scanTable.ts';
import { ColumnDecoders } from '../db/scan/columnDecoders.ts';
import { Interner } from '../telemetry/interner.ts';
import { PhaseIndex } from '../telemetry/phaseIndex.ts';
import type { QueryContext } from './queryContext.ts';

/** The phases whose run is in the database too, with their categories; none where runs or phases cannot be told apart. */
export function readPhaseIndex(context: QueryContext): PhaseIndex {
  const { schema, warnings } = context;
  const index = new PhaseIndex();
  const canTell =
    schema.hasColumn('runs', 'id') &&
    schema.hasColumn('phases', 'run_id') &&
    schema.hasColumn('phases', 'phase_id');
  if (!canTell) return index;
  const runs = new Set<string>();
  const texts = new Interner((text) => text ?? '');
  const number = (text: string | null): number => texts.index(text);
  const name = (at: number | undefined): string => texts.name(at ?? -1) ?? '';
  // `runs.id` is the primary key of text, and so each row has its own.
  const ofRuns = new ColumnDecoders('runs', warnings);
  scanTable(context, 'runs', [ofRuns.text('id', number)], ([id]) => runs.add(name(id)));
  const ofPhases = new ColumnDecoders('phases', warnings);
  const columns = ['run_id', 'phase_id', 'task_category'].map((column) => ofPhases.text(column, number));
  scanTable(context, 'phases', columns, ([run, phase, category]) => {
    const runId = name(run);
    if (runs.has(runId)) index.addKnown({ runId, phaseId: name(phase) }, name(category));
  });
  return index;
}
