import { gather } from './gather.ts';
import { sortWithLabels } from './statistics/radixSort.ts';

/** The indices of the times that are known (not NaN), earliest first. */
export function indicesByTime(times: Float64Array): Uint32Array {
  const known = new Uint32Array(times.length);
  let [count, latest, isSorted] = [0, -Infinity, true];
  for (let at = 0; at < times.length; at += 1) {
    const time = times[at] ?? NaN;
    if (Number.isNaN(time)) continue;
    known[count] = at;
    count += 1;
    if (time < latest) isSorted = false;
    latest = time;
  }
  const timed = known.subarray(0, count);
  // Events are mostly written in their order, and looking is much faster than sorting.
  return isSorted ? timed : sortWithLabels(gather(times, timed), timed).labels;
}
