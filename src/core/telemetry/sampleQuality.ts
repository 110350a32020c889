import { suspicionBit } from './suspicion.ts';

/**
 * What a sample is worth. Each sample has exactly one class: the first below that fits.
 * Only `clean` ones are evidence.
 * - synthetic: a recorded answer of the example executor; no model was asked.
 * - failed: its phase did not succeed, so its size says little about the work.
 * - truncated: cut off at the limit, so the actual size is only a lower bound.
 * - suspect: its figures cannot be trusted; see `suspicions`. What is wrong with the figures themselves comes before
 *   truncated, for a wrong lower bound is worth nothing either.
 * - orphaned: its run or phase is not in the database. Its numbers may be right, but repeats of one phase
 *   cannot be told from independent samples, nor whether the work was representative.
 */
export const sampleQualities = ['synthetic', 'failed', 'truncated', 'suspect', 'orphaned', 'clean'] as const;

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
const incomplete = suspicionBit('incomplete');

/** What one sample shows by itself, as bits: no stop reason where the source has one, token counts that are not positive. */
export function ownSuspicion(predicted: number, actual: number, hasStopReason: boolean): number {
  return (hasStopReason ? 0 : noStopReason) | (predicted > 0 && actual > 0 ? 0 : notPositive);
}

/** The class of a sample; see {@link sampleQualities}. */
export function sampleQuality(evidence: QualityEvidence): SampleQuality {
  const { suspicion } = evidence;
  if (evidence.synthetic) return 'synthetic';
  if (!evidence.success && (suspicion & incomplete) === 0) return 'failed';
  if ((suspicion & ~noStopReason) !== 0) return 'suspect';
  if (evidence.truncated) return 'truncated';
  if (suspicion !== 0) return 'suspect';
  return evidence.orphaned ? 'orphaned' : 'clean';
}
