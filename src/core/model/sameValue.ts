/** Whether two values of plain data say the same: numbers, texts, arrays and records of such. */
export function isSameValue(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const [ofA, ofB] = [Object.entries(a), new Map(Object.entries(b))];
  return (
    ofA.length === ofB.size &&
    ofA.every(([name, value]) => ofB.has(name) && isSameValue(value, ofB.get(name)))
  );
}
