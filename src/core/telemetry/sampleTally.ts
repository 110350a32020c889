import { mean, quantile } from 'simple-statistics';
import { sampleQualities } from './sampleQuality.ts';
import type { CostFigures, DiagnosticFigures, RiskFigures } from './telemetryAnalysis.ts';
import type { TelemetrySamples } from './telemetrySamples.ts';

const synthetic = sampleQualities.indexOf('synthetic');
const clean = sampleQualities.indexOf('clean');

/** Counts how often the budget would have been too small. */
export class RiskTally {
  samples = 0;
  #underestimated = 0;
  #truncated = 0;

  /** Counts sample `at`; `tolerance` is the multiplier above which it is underestimated. */
  add(samples: TelemetrySamples, at: number, tolerance: number): void {
    this.samples += 1;
    if ((samples.actual[at] ?? NaN) > (samples.predicted[at] ?? NaN) * tolerance) this.#underestimated += 1;
    if (samples.truncated[at] === 1) this.#truncated += 1;
  }

  get nonTruncated(): number {
    return this.samples - this.#truncated;
  }

  figures(): RiskFigures {
    return {
      underestimationRatePct: percent(this.#underestimated, this.samples),
      underestimationCount: this.#underestimated,
      truncationRatePct: percent(this.#truncated, this.samples),
      truncationCount: this.#truncated,
    };
  }
}

/**
 * Counts samples and keeps what their quantiles need. Sources of the formulas: the reference system's analysis.
 * Quantiles are of type 7 (Hyndman and Fan: linear interpolation), as in R and numpy by default.
 */
export class SampleTally {
  synthetic = 0;
  clean = 0;
  readonly #risk = new RiskTally();
  readonly #waste: number[] = [];
  readonly #smape: number[] = [];

  /** Counts sample `at`; `tolerance` is the multiplier above which it is underestimated. */
  add(samples: TelemetrySamples, at: number, tolerance: number): void {
    const predicted = samples.predicted[at] ?? NaN;
    const actual = samples.actual[at] ?? NaN;
    const quality = samples.quality[at];
    this.#risk.add(samples, at, tolerance);
    if (quality === synthetic) this.synthetic += 1;
    if (quality === clean) this.clean += 1;
    if (predicted >= 0 && actual > 0) this.#waste.push(predicted / actual);
    if (samples.truncated[at] !== 1 && predicted >= 0 && actual >= 0 && predicted + actual > 0) {
      this.#smape.push((200 * Math.abs(predicted - actual)) / (predicted + actual));
    }
  }

  get samples(): number {
    return this.#risk.samples;
  }

  risk(): RiskFigures {
    return this.#risk.figures();
  }

  cost(): CostFigures {
    const [wasteMedian, wasteP90] = quantiles(this.#waste, [0.5, 0.9]);
    return { wasteMedian: wasteMedian ?? null, wasteP90: wasteP90 ?? null, wasteMean: meanOf(this.#waste) };
  }

  diagnostic(): DiagnosticFigures {
    const [smapeMedian] = quantiles(this.#smape, [0.5]);
    return {
      smapeMean: meanOf(this.#smape),
      smapeMedian: smapeMedian ?? null,
      nonTruncated: this.#risk.nonTruncated,
    };
  }
}

/** `part` in percent of `whole`, or `null` of nothing. */
export function percent(part: number, whole: number): number | null {
  return whole === 0 ? null : (100 * part) / whole;
}

function meanOf(values: number[]): number | null {
  return values.length === 0 ? null : mean(values);
}

function quantiles(values: number[], at: number[]): number[] {
  return values.length === 0 ? [] : quantile(values, at);
}
