/** Fewer are sorted as they are. */
const many = 10_000;
/** Of the logarithm: to 0.1 %. */
const precision = 0.001;

/**
 * The ratios ascending, in place. Many are rounded to 0.1 %, which nobody sees, and which lets them be counted instead
 * of sorted: this runs over all samples with every change of a filter.
 */
export function sortRatios(ratios: Float64Array): Float64Array {
  if (ratios.length < many) return ratios.sort();
  const places = new Int32Array(ratios.length);
  let [first, last] = [Infinity, -Infinity];
  for (let index = 0; index < ratios.length; index += 1) {
    const place = Math.round(Math.log(ratios[index] ?? 1) / precision);
    places[index] = place;
    if (place < first) first = place;
    if (place > last) last = place;
  }
  const counts = new Uint32Array(last - first + 1);
  for (const place of places) counts[place - first] = (counts[place - first] ?? 0) + 1;
  let end = 0;
  for (let index = 0; index < counts.length; index += 1) {
    const begin = end;
    end += counts[index] ?? 0;
    ratios.fill(Math.exp((first + index) * precision), begin, end);
  }
  return ratios;
}
