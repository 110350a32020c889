import type { DeliverableMix } from '../telemetry/estimator/deliverableKind.ts';
import { Interner } from '../telemetry/interner.ts';
import type { PhaseIndex } from '../telemetry/phaseIndex.ts';
import { qualityCode, syntheticModel } from '../telemetry/sampleQuality.ts';
import { suspicionBit } from '../telemetry/suspicion.ts';
import type { TelemetrySamples } from '../telemetry/telemetrySamples.ts';
import type { EventPart } from './eventPart.ts';

type Values = Float64Array | Uint32Array | Uint16Array | Uint8Array;
type Writable<T> = { -readonly [Key in keyof T]: T[Key] };

/** Some rows of a part, and where they go. */
interface Segment {
  readonly part: number;
  readonly from: number;
  readonly to: number;
}

const categoryConflict = suspicionBit('category-conflict');

/**
 * The events of all parts in the order of the table, judged by the phases that the database holds. Numbers of texts and
 * phases are those of first sight in that order, whichever thread read what. The parts are emptied column by column, so
 * that no more than one column is in memory twice.
 */
export function joinEventParts(parts: readonly EventPart[], phases: PhaseIndex): TelemetrySamples {
  const left = parts.map((part): Writable<EventPart> => ({ ...part }));
  const count = parts.reduce((sum, part) => sum + part.count, 0);
  const segments = segmentsOf(parts);
  const take = <Column extends Values>(
    name: keyof EventPart,
    allocate: (length: number) => Column,
    numbers?: readonly ((own: number) => number)[],
  ): Column => {
    const only = left.length === 1 ? (left[0]?.[name] as Column | undefined) : undefined;
    if (only !== undefined && numbers === undefined) return only.subarray(0, count) as Column;
    const whole = allocate(count);
    let at = 0;
    for (const { part, from, to } of segments) {
      const column = left[part]?.[name] as Column;
      const number = numbers?.[part];
      if (number === undefined) whole.set(column.subarray(from, to), at);
      else for (let row = from; row < to; row += 1) whole[at + row - from] = number(column[row] ?? 0);
      at += to - from;
    }
    for (const part of left) Object.assign(part, { [name]: null });
    return whole;
  };
  const named = (column: keyof EventPart, list: 'categories' | 'complexities' | 'models' | 'mixes') => {
    const names = new Interner((text) => text ?? '');
    const numbers = parts.map((part) =>
      firstSight(part[list].length, (own) => names.index(part[list][own] ?? '')),
    );
    return [take(column, (length) => new Uint32Array(length), numbers), names.names()] as const;
  };
  const ofPhase = parts.map((part) =>
    firstSight(part.phases.length / 2, (own) =>
      phases.indexOf(part.phases[2 * own] ?? '', part.phases[2 * own + 1] ?? ''),
    ),
  );
  const decimals = (length: number): Float64Array => new Float64Array(length);
  const bytes = (length: number): Uint8Array => new Uint8Array(length);
  const [category, categories] = named('category', 'categories');
  const [complexity, complexities] = named('complexity', 'complexities');
  const [model, models] = named('model', 'models');
  const [mix, mixes] = named('mix', 'mixes');
  const samples = {
    count,
    predicted: take('predicted', decimals),
    actual: take('actual', decimals),
    timestamp: take('timestamp', decimals),
    limit: take('limit', decimals),
    ...{ category, complexity, model, mix, categories, complexities, models },
    phase: take('phase', (length) => new Uint32Array(length), ofPhase),
    deliverableCount: take('deliverableCount', (length) => new Uint32Array(length)),
    suspicion: take('suspicion', (length) => new Uint16Array(length)),
    success: take('success', bytes),
    truncated: take('truncated', bytes),
    quality: bytes(count),
    phases: phases.phases(),
    mixes: mixes.map((name) => JSON.parse(name) as DeliverableMix | null),
  };
  judge(samples);
  return samples;
}

/** The rows in the order of the table; a part without chunks is the whole table. */
function segmentsOf(parts: readonly EventPart[]): readonly Segment[] {
  const found: (Segment & { readonly chunk: number })[] = [];
  for (const [part, { chunks, count }] of parts.entries()) {
    if (chunks.length === 0) found.push({ part, from: 0, to: count, chunk: 0 });
    for (let at = 0; at < chunks.length; at += 2)
      found.push({ part, chunk: chunks[at] ?? 0, from: chunks[at + 1] ?? 0, to: chunks[at + 3] ?? count });
  }
  return found.sort((a, b) => a.chunk - b.chunk);
}

/** Numbers a part's own numbers when they are first met. */
function firstSight(length: number, number: (own: number) => number): (own: number) => number {
  const known = new Int32Array(length).fill(-1);
  return (own) => {
    const found = known[own] ?? -1;
    return found === -1 ? (known[own] = number(own)) : found;
  };
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
