/** The names that different writers of Autopack use for one category. */
const categorySynonyms: ReadonlyMap<string, string> = new Map([
  ['documentation', 'docs'],
  ['doc', 'docs'],
  ['doc_write', 'docs'],
  ['testing', 'tests'],
  ['implement_feature', 'implementation'],
]);

/** How many files a phase had to deliver, in Autopack's buckets. */
export type DeliverableBucket = '1' | '2-5' | '6+';

/** The buckets in the order in which they are shown. */
export const deliverableBuckets = ['1', '2-5', '6+'] as const satisfies readonly DeliverableBucket[];

const knownComplexities = ['low', 'medium', 'high'];

/** A stored category under its one name, lower case: `documentation` is `docs`. A missing one is `unknown`. */
export function normaliseCategory(stored: string | null): string {
  const name = normaliseWord(stored);
  return categorySynonyms.get(name) ?? name;
}

/** A stored complexity in lower case; a missing one is `unknown`. */
export function normaliseComplexity(stored: string | null): string {
  return normaliseWord(stored);
}

/** The bucket of a deliverable count; none counts as one, for every phase delivers something. */
export function deliverableBucket(count: number): DeliverableBucket {
  if (count >= 6) return '6+';
  return count >= 2 ? '2-5' : '1';
}

/** Orders complexities low, medium, high, and others after them by name. */
export function compareComplexity(a: string, b: string): number {
  return complexityRank(a) - complexityRank(b) || compareText(a, b);
}

/** Orders names by their code units, so that a report is the same under every locale. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Where a complexity stands in that order. */
export function complexityRank(name: string): number {
  const rank = knownComplexities.indexOf(name);
  return rank === -1 ? knownComplexities.length : rank;
}

function normaliseWord(stored: string | null): string {
  const name = stored?.trim().toLowerCase() ?? '';
  return name === '' ? 'unknown' : name;
}
