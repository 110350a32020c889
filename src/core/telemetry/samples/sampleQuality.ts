import type { FinishKind } from '../../model/finishReason.ts';
import { t } from '../../text/l10n.ts';

/**
 * Why a sample is suspect; it may be for several reasons.
 * - no-stop-reason: the source has the field and it is empty, as Autopack's fallback leaves it.
 * - total-tokens: its output equals the total usage recorded for a call of its phase, or for all of them together, and no
 *   call's output; or the log says itself that it is a total. Autopack's fallback stores it so.
 * - not-positive: a token count that is zero, negative or unreadable.
 * - category-conflict: the sample names another category than its phase, or than the log of the same call.
 * - source-conflict: database and log agree on which call it is, but not on its figures.
 * - duplicate: the same call is recorded before: same phase, time, prediction and use.
 * - incomplete: the source does not say whether the phase succeeded, as logs of the first format.
 * - unfinished: the stop reason is a refusal, a filter, a cancellation or an error, or a tool call that ends at the limit.
 * - counted: its tokens were counted by our own builder, since the provider reported none; whether it was cut off is not known.
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
  'counted',
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
export const suspicionWords = (): Readonly<Record<Suspicion, string>> => ({
  'no-stop-reason': t`no stop reason is recorded, as the fallback of the writer leaves it`,
  'total-tokens': t`the output equals the total usage of the call or phase: input tokens are in it`,
  'not-positive': t`a token count is zero, negative or unreadable`,
  'category-conflict': t`the sample and its phase, or its log, name different categories`,
  'source-conflict': t`database and log have different figures for one call`,
  duplicate: t`the same call is recorded before`,
  incomplete: t`the source does not say whether the phase succeeded`,
  unfinished: t`the answer was refused, filtered or interrupted, or is a tool call that ends at the limit`,
  'above-limit': t`more was used than the limit sent with the call allows`,
  counted: t`the provider reported no usage: the tokens were counted here`,
});

/**
 * What a sample is worth. Each sample has exactly one class: the first below that fits.
 * Only `clean` ones are evidence.
 * - synthetic: a recorded answer of the example executor; no model was asked.
 * - failed: its phase did not succeed, so its size says little about the work.
 * - counted: the provider reported no usage, so that its size is an estimate.
 * - truncated: cut off at the limit, so the actual size is only a lower bound.
 * - suspect: its figures cannot be trusted; see `suspicions`. What is wrong with the figures themselves comes before
 *   truncated, for a wrong lower bound is worth nothing either.
 * - orphaned: its run or phase is not in the database. Its numbers may be right, but repeats of one phase
 *   cannot be told from independent samples, nor whether the work was representative.
 */
export const sampleQualities = [
  'synthetic',
  'failed',
  'counted',
  'truncated',
  'suspect',
  'orphaned',
  'clean',
] as const;

/** One of {@link sampleQualities}. */
export type SampleQuality = (typeof sampleQualities)[number];

/** How many samples are in each class; all classes have a key. */
export type QualityCounts = Readonly<Record<SampleQuality, number>>;

/** The model name that the example executor writes: its samples are recorded, not measured. */
export const syntheticModel = 'recorded-example';

/** What decides the class of a sample. Token counts are NaN where they could not be read. */
export interface QualityEvidence {
  readonly synthetic: boolean;
  readonly success: boolean;
  readonly truncated: boolean;
  /** Bits of `suspicionBit`. */
  readonly suspicion: number;
  /** Whether its run or phase is missing in the database it is from. */
  readonly orphaned: boolean;
}

const noStopReason = suspicionBit('no-stop-reason');
const notPositive = suspicionBit('not-positive');
const aboveLimit = suspicionBit('above-limit');
const incomplete = suspicionBit('incomplete');
const unfinished = suspicionBit('unfinished');
const countedTokens = suspicionBit('counted');

/**
 * What the token counts show by themselves, as bits: that one is not positive, or that more was used than the limit that was
 * sent (NaN where none is known) allows.
 */
export function countSuspicion(predicted: number, actual: number, limit: number): number {
  return (predicted > 0 && actual > 0 ? 0 : notPositive) | (limit > 0 && actual > limit ? aboveLimit : 0);
}

/** What the stop reason shows, as bits: that there is none, or that the output is not whole whatever its size. */
export function finishSuspicion(finish: FinishKind, atLimit: boolean): number {
  if (finish === 'none') return noStopReason;
  if (finish === 'counted') return countedTokens;
  return finish === 'unfinished' || (finish === 'tool-call' && atLimit) ? unfinished : 0;
}

const suspicionRange = 2 ** suspicions.length;
/** The class by everything that decides it, so that millions of samples are classified without a call for each rule. */
let classes: Uint8Array | null = null;

/** The index into {@link sampleQualities} of the class of a sample; see {@link sampleQuality}. */
export function qualityCode(
  synthetic: boolean,
  success: boolean,
  truncated: boolean,
  suspicion: number,
  orphaned: boolean,
): number {
  classes ??= Uint8Array.from({ length: 16 * suspicionRange }, (_, code) =>
    sampleQualities.indexOf(
      sampleQuality({
        synthetic: (code & 1) !== 0,
        success: (code & 2) !== 0,
        truncated: (code & 4) !== 0,
        orphaned: (code & 8) !== 0,
        suspicion: code >> 4,
      }),
    ),
  );
  const flags = (synthetic ? 1 : 0) | (success ? 2 : 0) | (truncated ? 4 : 0) | (orphaned ? 8 : 0);
  return classes[flags | (suspicion << 4)] ?? 0;
}

/** The class of a sample; see {@link sampleQualities}. */
export function sampleQuality(evidence: QualityEvidence): SampleQuality {
  const { suspicion } = evidence;
  if (evidence.synthetic) return 'synthetic';
  if (!evidence.success && (suspicion & incomplete) === 0) return 'failed';
  if ((suspicion & countedTokens) !== 0) return 'counted';
  if ((suspicion & ~noStopReason) !== 0) return 'suspect';
  if (evidence.truncated) return 'truncated';
  if (suspicion !== 0) return 'suspect';
  return evidence.orphaned ? 'orphaned' : 'clean';
}
