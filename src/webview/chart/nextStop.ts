/** How many stops Page Up and Page Down skip. */
const strideOf = 10;

const steps: ReadonlyMap<string, number> = new Map([
  ['ArrowLeft', -1],
  ['ArrowRight', 1],
  ['PageUp', -strideOf],
  ['PageDown', strideOf],
]);

/** Where a key leads along a line of `count` stops, or `null` if it is none that moves. From nowhere, to the first. */
export function nextStop(key: string, current: number | null, count: number): number | null {
  if (count === 0) return null;
  const by = steps.get(key);
  if (by !== undefined) return current === null ? 0 : Math.min(count - 1, Math.max(0, current + by));
  if (key === 'Home') return 0;
  return key === 'End' ? count - 1 : null;
}
