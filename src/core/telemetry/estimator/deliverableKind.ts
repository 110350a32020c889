import * as z from 'zod';

/** What the estimator tells apart among files. */
export const deliverableKinds = ['backend', 'frontend', 'test', 'doc', 'config'] as const;

/** One of {@link deliverableKinds}. */
export type DeliverableKind = (typeof deliverableKinds)[number];

/** How many files of each kind a phase had to deliver. Samples hold paths, which do not tell new files from modified ones. */
export type DeliverableMix = Readonly<Record<DeliverableKind, number>>;

/** Tried in this order; what is none of these is `backend`. The same patterns as the example executor's. */
const patterns: readonly (readonly [DeliverableKind, RegExp])[] = [
  ['test', /(^|\/)(tests?\/|test_[^/]*$|conftest\.py$)|[_.](test|spec)\.\w+$/],
  ['doc', /\.(md|rst|txt)$/],
  ['config', /\.(json|ya?ml|toml|ini|cfg)$/],
  ['frontend', /\.([jt]sx|vue|html|s?css)$/],
];

/** The kind of a file by its path, with either slash. */
function deliverableKind(path: string): DeliverableKind {
  const posix = path.replaceAll('\\', '/');
  return patterns.find(([, pattern]) => pattern.test(posix))?.[0] ?? 'backend';
}

/** Counts paths by kind. */
export function deliverableMix(paths: readonly string[]): DeliverableMix {
  const mix = { backend: 0, frontend: 0, test: 0, doc: 0, config: 0 };
  for (const path of paths) mix[deliverableKind(path)] += 1;
  return mix;
}

const storedPaths = z.array(z.string()).min(1);

/** The mix of a stored `deliverables_json`, or `null` where it is no list of paths. */
export function storedDeliverableMix(json: string | null): DeliverableMix | null {
  if (json === null) return null;
  try {
    return deliverableMix(storedPaths.parse(JSON.parse(json)));
  } catch {
    return null;
  }
}
