/** Classes of failure reasons in the order in which Autopack drains them: what is likely transient first, what is dear last. */
export const failureClasses = ['none', 'collection', 'deliverable', 'patch', 'other', 'timeout'] as const;

/** One of {@link failureClasses}. */
export type FailureClass = (typeof failureClasses)[number];

const marks: readonly (readonly [FailureClass, RegExp])[] = [
  ['collection', /collection|import/i],
  ['deliverable', /deliverable|missing/i],
  ['patch', /patch|no-op|manifest/i],
  ['timeout', /timeout|timed out/i],
];

/** The class of `phases.last_failure_reason`; the first mark that is found decides. */
export function classifyFailureReason(reason: string | null): FailureClass {
  if (reason === null || reason.trim() === '') return 'none';
  return marks.find(([, fingerprint]) => fingerprint.test(reason))?.[0] ?? 'other';
}
