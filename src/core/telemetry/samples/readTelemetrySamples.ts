import type { QueryContext } from '../../db/scan/queryContext.ts';
import { UserFacingError } from '../../errors.ts';
import { t } from '../../text/l10n.ts';
import type { DeliverableMix } from '../estimator/deliverableKind.ts';
import { Interner } from './columns.ts';
import { eventTable as table, type EventColumns, type EventPart, type EventTable } from './eventPart.ts';
import { markDuplicates } from './markDuplicates.ts';
import { readPhaseIndex, type PhaseIndex } from './phaseIndex.ts';
import { readEvents } from './readEvents.ts';
import { qualityCode, syntheticModel, suspicionBit } from './sampleQuality.ts';
import type { TelemetrySamples } from './telemetrySamples.ts';
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
      t`This database has no telemetry: the table ${table} is missing.`,
      t`Create a telemetry seed database, and drain its phases with telemetry on.`,
    );
  }
  const readRest = readEvents(context, withDetails);
  const phases = readPhaseIndex(context);
  const samples = joinEventParts(readRest(), phases);
  markDuplicates(samples);
  readTotalUsage(context, phases).mark(samples);
  return samples;
}

const nothing: Pick<EventPart, 'runs' | 'ids' | 'phases'> = { runs: [], ids: [], phases: new Uint32Array() };
const categoryConflict = suspicionBit('category-conflict');

/**
 * The events in the order of the table, judged by the phases that the database holds. Numbers of texts and phases are those
 * of first sight in that order, whichever thread read what. The columns become those of the samples, without a copy.
 */
function joinEventParts(table: EventTable, phases: PhaseIndex): TelemetrySamples {
  const { columns, parts, readers, places } = table;
  const named = (column: Uint32Array, list: 'categories' | 'complexities' | 'models' | 'mixes') => {
    const names = new Interner((text) => text ?? '');
    const lists = parts.map((part) => part[list]);
    const [only] = lists[0] ?? [];
    // Columns hold 0 to begin with, and there is nothing else.
    if (only !== undefined && lists.every((own) => own.length === 1 && own[0] === only)) return [only];
    renumber(
      column,
      table,
      lists.map(({ length }) => length),
      (part, own) => names.index(lists[part]?.[own] ?? ''),
    );
    return names.names();
  };
  const categories = named(columns.category, 'categories');
  const complexities = named(columns.complexity, 'complexities');
  const models = named(columns.model, 'models');
  const mixes = named(columns.mix, 'mixes');
  const phaseCounts = parts.map((part) => part.phases.length / 2);
  renumber(columns.phase, table, phaseCounts, (part, own) => {
    const { runs, ids, phases: pairs } = parts[part] ?? nothing;
    return phases.indexOf(runs[pairs[2 * own] ?? -1] ?? '', ids[pairs[2 * own + 1] ?? -1] ?? '');
  });
  const count = readers === null ? places : closeGaps(columns, readers);
  const samples = {
    ...{ count, categories, complexities, models },
    predicted: columns.predicted.subarray(0, count),
    actual: columns.actual.subarray(0, count),
    timestamp: columns.timestamp.subarray(0, count),
    limit: columns.limit.subarray(0, count),
    category: columns.category.subarray(0, count),
    complexity: columns.complexity.subarray(0, count),
    model: columns.model.subarray(0, count),
    mix: columns.mix.subarray(0, count),
    phase: columns.phase.subarray(0, count),
    deliverableCount: columns.deliverableCount.subarray(0, count),
    suspicion: columns.suspicion.subarray(0, count),
    success: columns.success.subarray(0, count),
    truncated: columns.truncated.subarray(0, count),
    quality: new Uint8Array(count),
    phases: phases.phases(),
    mixes: mixes.map((name) => JSON.parse(name) as DeliverableMix | null),
  };
  judge(samples);
  return samples;
}

/** Gives each part's own numbers common ones, when they are first met. */
function renumber(
  column: Uint32Array,
  { readers, places }: EventTable,
  counts: readonly number[],
  number: (part: number, own: number) => number,
): void {
  const starts = Uint32Array.of(0, ...counts);
  for (let part = 1; part < starts.length; part += 1)
    starts[part] = (starts[part] ?? 0) + (starts[part - 1] ?? 0);
  const known = new Int32Array(starts.at(-1) ?? 0).fill(-1);
  for (let at = 0; at < places; at += 1) {
    const reader = readers === null ? 1 : (readers[at] ?? 0);
    if (reader === 0) continue;
    const own = column[at] ?? 0;
    const place = (starts[reader - 1] ?? 0) + own;
    let common = known[place] ?? -1;
    if (common === -1) known[place] = common = number(reader - 1, own);
    if (common !== own) column[at] = common;
  }
}

/** Moves the events together where row ids are missing; says how many there are. */
function closeGaps(columns: EventColumns, readers: Uint8Array): number {
  const all = Object.values(columns) as readonly EventColumns[keyof EventColumns][];
  let count = 0;
  for (let at = 0; at < readers.length;) {
    const from = at;
    while (at < readers.length && readers[at] !== 0) at += 1;
    if (count < from) for (const column of all) column.copyWithin(count, from, at);
    count += at - from;
    while (at < readers.length && readers[at] === 0) at += 1;
  }
  return count;
}

/** What a sample's phase says against it, and the class it then belongs to. */
function judge(samples: TelemetrySamples): void {
  const { count, phase, category, model, success, truncated, suspicion, quality, phases } = samples;
  const synthetic = samples.models.indexOf(syntheticModel);
  const unknown = samples.categories.indexOf('unknown');
  const orphaned = Uint8Array.from(phases, ({ known, origin }) => (!known && origin === 'database' ? 1 : 0));
  // A category that either side does not tell contradicts nothing; -2 is one that no sample names.
  const ofPhase = Int32Array.from(phases, (one) =>
    one.category === null ? -1 : orElse(samples.categories.indexOf(one.category), -2),
  );
  for (let at = 0; at < count; at += 1) {
    const own = category[at] ?? 0;
    const number = phase[at] ?? 0;
    const expected = ofPhase[number] ?? -1;
    const bits =
      (suspicion[at] ?? 0) | (expected === -1 || expected === own || own === unknown ? 0 : categoryConflict);
    suspicion[at] = bits;
    quality[at] = qualityCode(
      model[at] === synthetic,
      success[at] === 1,
      truncated[at] === 1,
      bits,
      orphaned[number] === 1,
    );
  }
}

function orElse(index: number, other: number): number {
  return index === -1 ? other : index;
}
