import assert from 'node:assert/strict';

/** Asserts that two numbers agree within `tolerance` (absolute). */
export function close(actual: number | null | undefined, expected: number, tolerance = 1e-6): void {
  const off = Math.abs((actual ?? NaN) - expected);
  assert.ok(off <= tolerance, `${String(actual)} is not within ${tolerance} of ${expected}`);
}
