import { sampleQualities } from './sampleQuality.ts';
import { suspicionBit } from './suspicion.ts';
import type { RiskFigures } from './telemetryAnalysis.ts';
import type { TelemetrySamples } from './telemetrySamples.ts';

const synthetic = sampleQualities.indexOf('synthetic');
const clean = sampleQualities.indexOf('clean');
const incomplete = suspicionBit('incomplete');

/** Counts samples, and how often the budget would have been too small. */
export class SampleTally {
  samples = 0;
  synthetic = 0;
  clean = 0;
  /** How many tell whether they were cut off, and whether their phase succeeded. */
  told = 0;
  #underestimated = 0;
  #truncated = 0;

  /** Counts sample `at`; `tolerance` is the multiplier above which it is underestimated. */
  add(samples: TelemetrySamples, at: number, tolerance: number): void {
    const quality = samples.quality[at];
    this.samples += 1;
    if (quality === synthetic) this.synthetic += 1;
    if (quality === clean) this.clean += 1;
    if (tells(samples, at)) this.told += 1;
    if ((samples.actual[at] ?? NaN) > (samples.predicted[at] ?? NaN) * tolerance) this.#underestimated += 1;
    if (samples.truncated[at] === 1) this.#truncated += 1;
  }

  /** Counts what another tally has counted. */
  addAll(other: SampleTally): void {
    this.samples += other.samples;
    this.synthetic += other.synthetic;
    this.clean += other.clean;
    this.told += other.told;
    this.#underestimated += other.#underestimated;
    this.#truncated += other.#truncated;
  }

  get nonTruncated(): number {
    return this.samples - this.#truncated;
  }

  risk(): RiskFigures {
    return {
      underestimationRatePct: percent(this.#underestimated, this.samples),
      underestimationCount: this.#underestimated,
      truncationRatePct: percent(this.#truncated, this.told),
      truncationCount: this.#truncated,
    };
  }
}

/** Whether the source of sample `at` tells if it was cut off, and if its phase succeeded: logs of the first format do not. */
export function tells(samples: TelemetrySamples, at: number): boolean {
  return ((samples.suspicion[at] ?? 0) & incomplete) === 0;
}

/** `part` in percent of `whole`, or `null` of nothing. */
export function percent(part: number, whole: number): number | null {
  return whole === 0 ? null : (100 * part) / whole;
}
