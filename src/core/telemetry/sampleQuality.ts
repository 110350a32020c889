import type { FinishKind } from './finishReason.ts';
import { suspicionBit, suspicions } from './suspicion.ts';

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
const aboveLimit = suspicionBit('above-limit');
const incomplete = suspicionBit('incomplete');
const unfinished = suspicionBit('unfinished');

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
  if ((suspicion & ~noStopReason) !== 0) return 'suspect';
  if (evidence.truncated) return 'truncated';
  if (suspicion !== 0) return 'suspect';
  return evidence.orphaned ? 'orphaned' : 'clean';
}
