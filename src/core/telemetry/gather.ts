/** The values at these indices, NaN where there is none. A loop, for `from` takes ten times as long over many. */
export function gather(values: Float64Array, indices: Uint32Array): Float64Array<ArrayBuffer> {
  const chosen = new Float64Array(indices.length);
  for (let row = 0; row < indices.length; row += 1) chosen[row] = values[indices[row] ?? -1] ?? NaN;
  return chosen;
}
