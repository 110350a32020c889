/**
 * Why a sample is suspect; it may be for several reasons.
 * - no-stop-reason: the source has the field and it is empty, as the reference's fallback leaves it.
 * - total-tokens: its output equals the total usage recorded for a call of its phase, or for all of them together, and no
 *   call's output; or the log says itself that it is a total. The reference's fallback stores it so.
 * - not-positive: a token count that is zero, negative or unreadable.
 * - category-conflict: the sample names another category than its phase, or than the log of the same call.
 * - source-conflict: database and log agree on which call it is, but not on its figures.
 * - duplicate: the same call is recorded before: same phase, time, prediction and use.
 * - incomplete: the source does not tell whether the phase succeeded, as logs of the first format.
 * - unfinished: the stop reason is a refusal, a filter, a cancellation or an error, or a tool call that ends at the limit.
 * - above-limit: more was used than the limit that was sent with the call allows.
 */
export const suspicions = [
  'no-stop-reason',
  'total-tokens',
  'not-positive',
  'category-conflict',
  'source-conflict',
  'duplicate',
  'incomplete',
  'unfinished',
  'above-limit',
] as const;

/** One of {@link suspicions}. */
export type Suspicion = (typeof suspicions)[number];

/** How many suspect samples are so for each reason; all reasons have a key, and a sample may count for several. */
export type SuspicionCounts = Readonly<Record<Suspicion, number>>;

/** A reason as a bit, so that all reasons of a sample fit in 16 of them. */
export function suspicionBit(reason: Suspicion): number {
  return 1 << suspicions.indexOf(reason);
}

/** The reasons in some bits, in the order of {@link suspicions}. */
export function suspicionsOf(bits: number): readonly Suspicion[] {
  return suspicions.filter((reason) => (bits & suspicionBit(reason)) !== 0);
}

/** What each reason means, in few words. */
export const suspicionWords: Readonly<Record<Suspicion, string>> = {
  'no-stop-reason': 'no stop reason is recorded, as the fallback of the writer leaves it',
  'total-tokens': 'the output equals the total usage of the call or phase: input tokens are in it',
  'not-positive': 'a token count is zero, negative or unreadable',
  'category-conflict': 'the sample and its phase, or its log, name different categories',
  'source-conflict': 'database and log tell different figures of one call',
  duplicate: 'the same call is recorded before',
  incomplete: 'the source does not tell whether the phase succeeded',
  unfinished: 'the answer was refused, filtered or interrupted, or is a tool call that ends at the limit',
  'above-limit': 'more was used than the limit sent with the call allows',
};
