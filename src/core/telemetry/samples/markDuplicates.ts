import { hashNumbers, indicesByTime } from './columns.ts';
import { raiseSuspicion, type TelemetrySamples } from './telemetrySamples.ts';

/**
 * Two writers of one call, or an import that rounds, put it down at most so far apart, in ms. No phase has two calls end
 * within that time that agree in all their figures: the second one would have had to be written in it.
 */
const apart = 1000;
/** Where more samples than this lie within that time, they are looked up instead of looked through. */
const longestLookBack = 64;

/**
 * Marks samples that repeat an earlier one: same phase, prediction and use, at the same moment, or within a second and equal
 * in all else that is recorded. A row that was copied or imported twice is so. Samples without a time are left alone.
 */
export function markDuplicates(samples: TelemetrySamples): void {
  if (!markNeighbours(samples)) markByTable(samples);
}

/** Looks back from each sample. Says `false` where that does not do: in another order than that of time, or in a crowd. */
function markNeighbours(samples: TelemetrySamples): boolean {
  const { count, timestamp } = samples;
  let latest = -Infinity;
  for (let at = 0; at < count; at += 1) {
    const time = timestamp[at] ?? NaN;
    if (Number.isNaN(time)) continue;
    if (time < latest) return false;
    latest = time;
    for (let before = at - 1; before >= 0; before -= 1) {
      const distance = time - (timestamp[before] ?? NaN);
      if (distance > apart) break;
      if (at - before > longestLookBack) return false;
      if (Number.isNaN(distance) || !isRepeat(samples, before, at)) continue;
      raiseSuspicion(samples, at, 'duplicate');
      break;
    }
  }
  return true;
}

/** In the order of time, each sample need only be compared with the last one of the same key. */
function markByTable(samples: TelemetrySamples): void {
  const order = indicesByTime(samples.timestamp);
  const sameCall = (before: number, at: number): boolean => isSameCall(samples, before, at);
  markRepeats(samples, order, 0, (at) => callHash(samples, at), sameCall);
  const sameInAll = (before: number, at: number): boolean =>
    sameCall(before, at) && hasSameRest(samples, before, at);
  markRepeats(samples, order, apart, (at) => callHash(samples, at) ^ restHash(samples, at), sameInAll);
}

/** An open hash table of sample numbers in one typed array: a Map of keys would take ten times as much memory. */
function markRepeats(
  samples: TelemetrySamples,
  order: Uint32Array,
  distance: number,
  hash: (at: number) => number,
  isSame: (before: number, at: number) => boolean,
): void {
  const { timestamp } = samples;
  const slots = new Uint32Array(2 ** Math.ceil(Math.log2(order.length + 1) + 1));
  const mask = slots.length - 1;
  for (const at of order) {
    let slot = hash(at) & mask;
    for (let last = slots[slot] ?? 0; last !== 0; last = slots[slot] ?? 0) {
      if (isSame(last - 1, at)) {
        // Two infinite times have no distance.
        if ((timestamp[at] ?? NaN) - (timestamp[last - 1] ?? NaN) <= distance)
          raiseSuspicion(samples, at, 'duplicate');
        break;
      }
      slot = (slot + 1) & mask;
    }
    slots[slot] = at + 1;
  }
}

function isRepeat(samples: TelemetrySamples, before: number, at: number): boolean {
  if (!isSameCall(samples, before, at)) return false;
  return samples.timestamp[before] === samples.timestamp[at] || hasSameRest(samples, before, at);
}

function isSameCall({ phase, predicted, actual }: TelemetrySamples, before: number, at: number): boolean {
  return phase[before] === phase[at] && predicted[before] === predicted[at] && actual[before] === actual[at];
}

function hasSameRest(samples: TelemetrySamples, before: number, at: number): boolean {
  const { category, complexity, model, limit, mix, deliverableCount, success, truncated } = samples;
  return (
    [category, complexity, model, mix, deliverableCount, success, truncated].every(
      (column) => column[before] === column[at],
    ) && Object.is(limit[before], limit[at])
  );
}

function callHash({ phase, predicted, actual }: TelemetrySamples, at: number): number {
  return hashNumbers(phase[at] ?? 0, predicted[at] ?? 0, actual[at] ?? 0);
}

function restHash({ model, mix, limit }: TelemetrySamples, at: number): number {
  return hashNumbers(model[at] ?? 0, mix[at] ?? 0, limit[at] ?? 0);
}
