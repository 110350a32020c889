import { t } from '../text/l10n.ts';

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

const advice = (): Readonly<Record<FailureClass, string>> => ({
  none: t`The phases do not say why. Drain one of them and read its log before you drain more.`,
  collection: t`It fails before the model is reached: fix the imports first; draining does not help until then.`,
  deliverable: t`Compare the deliverables of the phases with what their scope lets them write.`,
  patch: t`Bring the workspace to the state that the patches are made for.`,
  other: t`Read the log of the example, and fix what it reports.`,
  timeout: t`Allow a longer phase timeout, or split the phases.`,
});

/** What to do about failures of a class before they are drained again, in one or two sentences. */
export function adviseOnFailures(failureClass: FailureClass): string {
  return advice()[failureClass];
}
