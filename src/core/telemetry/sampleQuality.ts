/**
 * What a sample is worth. Each sample has exactly one class: the first below that fits.
 * Only `clean` ones are evidence.
 * - synthetic: a recorded answer of the example executor; no model was asked.
 * - failed: its phase did not succeed, so its size says little about the work.
 * - truncated: cut off at the limit, so the actual size is only a lower bound.
 * - suspect: a token count that is not positive, or no stop reason where the source has that field:
 *   the reference's fallback writes total tokens as output tokens, and such rows look like this.
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

/** What decides the class of a sample, besides its phase. Token counts are NaN where they could not be read. */
export interface QualityEvidence {
  readonly model: string;
  readonly success: boolean;
  readonly truncated: boolean;
  readonly predicted: number;
  readonly actual: number;
  /** False only where the source has the field and it is empty. */
  readonly hasStopReason: boolean;
}

/** The class of a sample; see {@link sampleQualities}. */
export function sampleQuality(sample: QualityEvidence, phaseKnown: boolean): SampleQuality {
  if (sample.model === syntheticModel) return 'synthetic';
  if (!sample.success) return 'failed';
  if (sample.truncated) return 'truncated';
  if (!(sample.predicted > 0 && sample.actual > 0) || !sample.hasStopReason) return 'suspect';
  return phaseKnown ? 'clean' : 'orphaned';
}
