import { compareText } from '../../model/sampleKind.ts';
import { isAnalysed } from '../analysis/analyseTelemetry.ts';
import { errorFigures } from '../analysis/errorFigures.ts';
import type { CostFigures, DiagnosticFigures } from '../analysis/telemetryAnalysis.ts';
import { SampleTally, isOutcomeKnown } from '../analysis/telemetryGates.ts';
import { evidenceSamples } from '../evidence/evidenceSamples.ts';
import { findDrift, type DriftComparison } from '../evidence/findDrift.ts';
import { PhaseRateTally, type RiskInterval } from '../evidence/riskInterval.ts';
import type { TelemetrySamples } from '../samples/telemetrySamples.ts';
import { sampleTest } from './telemetryFilter.ts';
import type { TelemetryViewQuestion } from './telemetryView.ts';

/** How a model's ratios stand to those of others, kinds of phases held equal; by clean samples. */
export interface ModelDrift extends Pick<DriftComparison, 'factor' | 'pValue' | 'blocking'> {
  /** What it is held against: another model, or `null` for all others together. */
  readonly against: string | null;
}

/** The figures of one model, over the samples that are analysed. */
export interface ModelFigures extends CostFigures, DiagnosticFigures {
  readonly model: string;
  readonly samples: number;
  readonly clean: number;
  /** Used more than predicted, by the tolerance. */
  readonly underestimation: RiskInterval | null;
  readonly truncation: RiskInterval | null;
  /** `null` where too few phases are of this model or of the others. */
  readonly drift: ModelDrift | null;
}

/** The figures of each model with an analysed sample that the filter leaves, most samples first. */
export function modelFigures(
  samples: TelemetrySamples,
  { options, filter }: TelemetryViewQuestion,
): readonly ModelFigures[] {
  const passes = sampleTest(samples, filter);
  const tallies = new ModelTallies(samples, options.underMultiplier);
  for (let at = 0; at < samples.count; at += 1)
    if (isAnalysed(samples, at, options) && passes(at)) tallies.add(at);
  const drift = findDrift(samples, evidenceSamples(samples, passes).clean);
  return tallies
    .figures()
    .map((one) => ({ ...one, drift: driftOf(one.model, drift.comparisons) }))
    .sort((a, b) => b.samples - a.samples || compareText(a.model, b.model));
}

/** Two models make one comparison, which tells of both. */
function driftOf(model: string, comparisons: readonly DriftComparison[]): ModelDrift | null {
  for (const { models, factor, pValue, blocking } of comparisons) {
    if (models?.[0] === model) return { against: models[1], factor, pValue, blocking };
    if (models?.[1] === model) return { against: models[0], factor: 1 / factor, pValue, blocking };
  }
  return null;
}

interface Tallies {
  readonly model: string;
  readonly all: SampleTally;
  readonly under: PhaseRateTally;
  readonly cut: PhaseRateTally;
}

class ModelTallies {
  readonly #samples: TelemetrySamples;
  readonly #tolerance: number;
  /** By the number of the model. */
  readonly #tallies = new Map<number, Tallies>();
  /** The model of each analysed sample, counted from 1. */
  readonly #modelOf: Uint32Array;

  constructor(samples: TelemetrySamples, tolerance: number) {
    this.#samples = samples;
    this.#tolerance = tolerance;
    this.#modelOf = new Uint32Array(samples.count);
  }

  add(at: number): void {
    const { model, phase, predicted, actual, truncated } = this.#samples;
    const own = model[at] ?? 0;
    const { all, under, cut } = this.#of(own);
    all.add(this.#samples, at, this.#tolerance);
    under.add(phase[at] ?? 0, (actual[at] ?? NaN) > (predicted[at] ?? NaN) * this.#tolerance);
    if (isOutcomeKnown(this.#samples, at)) cut.add(phase[at] ?? 0, truncated[at] === 1);
    this.#modelOf[at] = own + 1;
  }

  figures(): Omit<ModelFigures, 'drift'>[] {
    const sizes = this.#samples.models.map((_, index) => this.#tallies.get(index)?.all.samples ?? 0);
    const errors = errorFigures(this.#samples, this.#modelOf, sizes);
    return [...this.#tallies].flatMap(([index, { model, all, under, cut }]) => {
      const error = errors[index];
      if (error === undefined) return [];
      const { samples, clean, nonTruncated } = all;
      const rates = { underestimation: under.risk(), truncation: cut.risk() };
      return [{ model, samples, clean, nonTruncated, ...rates, ...error }];
    });
  }

  #of(index: number): Tallies {
    let found = this.#tallies.get(index);
    if (found === undefined) {
      const { models, phases } = this.#samples;
      const rate = (): PhaseRateTally => new PhaseRateTally(phases.length);
      found = { model: models[index] ?? 'unknown', all: new SampleTally(), under: rate(), cut: rate() };
      this.#tallies.set(index, found);
    }
    return found;
  }
}
