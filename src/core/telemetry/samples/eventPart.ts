import { DecodeWarnings, type DecodeWarning } from '../../db/columnReader.ts';
import { ColumnDecoders } from '../../db/scan/columnDecoders.ts';
import type { ScanColumn } from '../../db/scan/tableLayout.ts';
import { finishKind, finishKinds, isAtLimit } from '../../model/finishReason.ts';
import { normaliseCategory, normaliseComplexity } from '../../model/sampleKind.ts';
import { Interner, NumberColumn } from './columns.ts';
import { countSuspicion, finishSuspicion } from './sampleQuality.ts';
import {
  bounded,
  deliverableMixKey,
  furthestTime,
  modelName,
  mostDeliverables,
  mostTokens,
} from './telemetrySamples.ts';

/** The table of the events. */
export const eventTable = 'token_estimation_v2_events';

/** What of an event is read. */
export interface EventFields {
  /** Whether the table has stop reasons; without them, none can be missing. */
  readonly hasReasons: boolean;
  /** Whether the deliverables are read. */
  readonly withDetails: boolean;
}

/** Events by column. Texts and phases are indices into the lists of the part that read them. */
export interface EventColumns {
  readonly predicted: Float64Array;
  readonly actual: Float64Array;
  readonly timestamp: Float64Array;
  readonly limit: Float64Array;
  readonly category: Uint32Array;
  readonly complexity: Uint32Array;
  readonly model: Uint32Array;
  readonly mix: Uint32Array;
  readonly phase: Uint32Array;
  readonly deliverableCount: Uint32Array;
  readonly suspicion: Uint16Array;
  readonly success: Uint8Array;
  readonly truncated: Uint8Array;
}

/**
 * What one thread knows of the events that it has read. Its lists are its own, so that threads need not agree on numbers.
 */
export interface EventPart {
  readonly categories: readonly string[];
  readonly complexities: readonly string[];
  readonly models: readonly string[];
  readonly mixes: readonly string[];
  /** The runs of this part's phases and their ids within them, by number; for each phase both numbers, one after the other. */
  readonly runs: readonly string[];
  readonly ids: readonly string[];
  readonly phases: Uint32Array;
  readonly warnings: readonly DecodeWarning[];
}

/** All events as they were read. What only the whole database tells of a sample is not judged yet. */
export interface EventTable {
  readonly columns: EventColumns;
  /** How many places of the columns are in use. */
  readonly places: number;
  /** Who read the event at each place: an index into `parts`, from 1; 0 where there is none. `null`: the only part read all. */
  readonly readers: Uint8Array | null;
  readonly parts: readonly EventPart[];
}

const complete = finishKinds.indexOf('complete');
const cutOff = finishKinds.indexOf('cut-off');
/** What a stop reason shows, for each kind below its limit and at it. */
const suspicionOf = Uint16Array.from({ length: 2 * finishKinds.length }, (_, code) =>
  finishSuspicion(finishKinds[code >> 1] ?? 'unknown', code % 2 === 1),
);

/** Takes in the rows of a scan over {@link EventCollector.scanned}: no object and no array is made for a row. */
export class EventCollector {
  readonly scanned: readonly ScanColumn[];
  readonly #hasReasons: boolean;
  readonly #withDetails: boolean;
  readonly #warnings = new DecodeWarnings();
  readonly #categories = new Interner(normaliseCategory);
  readonly #complexities = new Interner(normaliseComplexity);
  readonly #models = new Interner(modelName);
  readonly #mixes = new Interner(deliverableMixKey);
  readonly #runs = new Interner((text) => text ?? '');
  readonly #ids = new Interner((text) => text ?? '');
  /** By run, and then by id. */
  readonly #phaseByKey: Map<number, number>[] = [];
  readonly #phases = new NumberColumn((length) => new Uint32Array(length));
  #columns: EventColumns;
  #count = 0;
  #lastRun = -1;
  #lastId = -1;
  #lastPhase = 0;

  /** `columns` is where events go; they grow where rows are appended. */
  constructor(fields: EventFields, columns = allocateEvents(1024)) {
    this.#hasReasons = fields.hasReasons;
    this.#withDetails = fields.withDetails;
    this.#columns = columns;
    // The mix that is not known has the number 0, which columns hold to begin with.
    this.#mixes.index(null);
    const of = new ColumnDecoders(eventTable, this.#warnings);
    const scanned = [
      of.text('run_id', (text) => this.#runs.index(text)),
      of.text('phase_id', (text) => this.#ids.index(text)),
      of.text('category', (text) => this.#categories.index(text)),
      of.text('complexity', (text) => this.#complexities.index(text)),
      of.text('model', (text) => this.#models.index(text)),
      of.integer('deliverable_count'),
      of.integer('predicted_output_tokens'),
      of.integer('actual_output_tokens'),
      of.flag('success'),
      of.flag('truncated'),
      of.integer('actual_max_tokens'),
      of.integer('selected_budget'),
      of.text('stop_reason', (text) => finishKinds.indexOf(finishKind(text))),
      of.time('timestamp'),
      of.text('deliverables_json', (text) => this.#mixes.index(text)),
    ];
    this.scanned = fields.withDetails ? scanned : scanned.slice(0, -1);
  }

  /** Takes in a row behind the others; the values are not kept. */
  append(row: Float64Array): void {
    if (this.#count === this.#columns.predicted.length) this.#columns = enlarge(this.#columns);
    this.put(row, this.#count);
    this.#count += 1;
  }

  /** Takes in a row at its place, which the columns have; the values are not kept. */
  put(row: Float64Array, at: number): void {
    const columns = this.#columns;
    // Whatever a table holds, what follows computes with these alone.
    const predicted = bounded(row[6] ?? NaN, mostTokens);
    const actual = bounded(row[7] ?? NaN, mostTokens);
    const sent = bounded(row[10] ?? NaN, mostTokens);
    const budget = bounded(row[11] ?? NaN, mostTokens);
    const finish = this.#hasReasons ? (row[12] ?? complete) : complete;
    const atLimit = isAtLimit(actual, sent, budget);
    columns.phase[at] = this.#phase(row[0] ?? 0, row[1] ?? 0);
    columns.category[at] = row[2] ?? 0;
    columns.complexity[at] = row[3] ?? 0;
    columns.model[at] = row[4] ?? 0;
    const deliverables = bounded(row[5] ?? NaN, mostDeliverables);
    columns.deliverableCount[at] = deliverables > 0 ? deliverables : 0;
    columns.predicted[at] = predicted;
    columns.actual[at] = actual;
    columns.success[at] = row[8] ?? 0;
    columns.truncated[at] = row[9] === 1 || atLimit || finish === cutOff ? 1 : 0;
    // A budget that was selected may have been raised before it was sent, so it stands for no limit.
    columns.limit[at] = sent;
    columns.suspicion[at] =
      countSuspicion(predicted, actual, sent) | (suspicionOf[2 * finish + (atLimit ? 1 : 0)] ?? 0);
    columns.timestamp[at] = bounded(row[13] ?? NaN, furthestTime);
    if (this.#withDetails) columns.mix[at] = row[14] ?? 0;
  }

  /** What was appended, without a copy: add no more afterwards. */
  table(): EventTable {
    return { columns: this.#columns, places: this.#count, readers: null, parts: [this.part()] };
  }

  /** What this reader knows of the rows it took in. */
  part(): EventPart {
    return {
      categories: this.#categories.names(),
      complexities: this.#complexities.names(),
      models: this.#models.names(),
      mixes: this.#mixes.names(),
      runs: this.#runs.names(),
      ids: this.#ids.names(),
      phases: this.#phases.view(),
      warnings: this.#warnings.list(),
    };
  }

  /** Neighbours mostly are of one phase. */
  #phase(run: number, id: number): number {
    if (run === this.#lastRun && id === this.#lastId) return this.#lastPhase;
    const ofRun = (this.#phaseByKey[run] ??= new Map<number, number>());
    let phase = ofRun.get(id);
    if (phase === undefined) {
      phase = this.#phases.length / 2;
      this.#phases.push(run);
      this.#phases.push(id);
      ofRun.set(id, phase);
    }
    this.#lastRun = run;
    this.#lastId = id;
    this.#lastPhase = phase;
    return phase;
  }
}

/** Columns for so many events. Memory that is not written to costs nothing. */
export function allocateEvents(
  room: number,
  allocate: (bytes: number) => ArrayBufferLike = (bytes) => new ArrayBuffer(bytes),
): EventColumns {
  const decimals = (): Float64Array => new Float64Array(allocate(8 * room));
  const integers = (): Uint32Array => new Uint32Array(allocate(4 * room));
  return {
    predicted: decimals(),
    actual: decimals(),
    timestamp: decimals(),
    limit: decimals(),
    category: integers(),
    complexity: integers(),
    model: integers(),
    mix: integers(),
    phase: integers(),
    deliverableCount: integers(),
    suspicion: new Uint16Array(allocate(2 * room)),
    success: new Uint8Array(allocate(room)),
    truncated: new Uint8Array(allocate(room)),
  };
}

function enlarge(full: EventColumns): EventColumns {
  const larger = allocateEvents(full.predicted.length * 2);
  for (const name of Object.keys(full) as (keyof EventColumns)[]) larger[name].set(full[name]);
  return larger;
}
