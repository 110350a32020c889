import type { Estimator } from './estimator.ts';

/** A coefficient by its place in the estimator's file, and what it is to become. */
export interface CoefficientValue {
  /** `overhead.docs.low`, `marginalTokens.test.new`, `safetyFactor`. */
  readonly path: readonly string[];
  readonly after: number;
}

/** A copy of the estimator with some coefficients changed; all else stays as it is. */
export function changeCoefficients(estimator: Estimator, changes: readonly CoefficientValue[]): Estimator {
  return changes.reduce(
    (changed, { path, after }) => replaceAt(changed, path, after) as Estimator,
    estimator,
  );
}

function replaceAt(node: unknown, [key, ...rest]: readonly string[], value: number): unknown {
  if (key === undefined) return value;
  const children =
    typeof node === 'object' && node !== null ? (node as Readonly<Record<string, unknown>>) : {};
  return { ...children, [key]: replaceAt(children[key], rest, value) };
}

/** The coefficient at `path`, or `undefined` where there is no number. */
export function coefficientAt(estimator: Estimator, path: readonly string[]): number | undefined {
  let node: unknown = estimator;
  for (const key of path) {
    if (typeof node !== 'object' || node === null || !Object.hasOwn(node, key)) return undefined;
    node = (node as Readonly<Record<string, unknown>>)[key];
  }
  return typeof node === 'number' ? node : undefined;
}
