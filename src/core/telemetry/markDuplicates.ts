import { hashNumbers } from './hashNumbers.ts';
import { raiseSuspicion } from './raiseSuspicion.ts';
import type { TelemetrySamples } from './telemetrySamples.ts';

/**
 * Marks samples that repeat an earlier one: same phase, time, prediction and use. Two calls of a phase do not end in the same
 * millisecond with the same size; a row that was copied or imported twice does. Samples without a time are left alone.
 */
export function markDuplicates(samples: TelemetrySamples): void {
  const { count, phase, timestamp, predicted, actual } = samples;
  const [earliest, latest] = timesThatRecur(timestamp);
  if (!(earliest <= latest)) return;
  // An open hash table of sample numbers in one typed array: a Set of keys would take ten times as much memory.
  const slots = new Uint32Array(2 ** Math.ceil(Math.log2(count + 1) + 1));
  const mask = slots.length - 1;
  for (let at = 0; at < count; at += 1) {
    const time = timestamp[at] ?? NaN;
    // NaN is not in the range either.
    if (!(time >= earliest && time <= latest)) continue;
    let slot = hashNumbers(phase[at] ?? 0, time % 0x7fffffff, actual[at] ?? 0) & mask;
    for (let other = slots[slot] ?? 0; other !== 0; other = slots[slot] ?? 0) {
      const before = other - 1;
      const isSame =
        phase[before] === phase[at] &&
        timestamp[before] === time &&
        predicted[before] === predicted[at] &&
        actual[before] === actual[at];
      if (isSame) {
        raiseSuspicion(samples, at, 'duplicate');
        break;
      }
      slot = (slot + 1) & mask;
    }
    if (slots[slot] === 0) slots[slot] = at + 1;
  }
}

/**
 * The range of the times that do not follow all before them: only those can occur twice. Events are written as they happen,
 * so it is mostly empty, or short.
 */
function timesThatRecur(timestamp: Float64Array): readonly [earliest: number, latest: number] {
  let [highest, earliest, latest] = [-Infinity, Infinity, -Infinity];
  for (const time of timestamp) {
    if (time > highest) {
      highest = time;
    } else if (time <= highest) {
      earliest = Math.min(earliest, time);
      latest = Math.max(latest, time);
    }
  }
  return [earliest, latest];
}
