import { compareText } from '../../model/sampleKind.ts';
import type { TelemetrySamples } from '../samples/telemetrySamples.ts';
import {
  describeRatios,
  describeRatiosByModel,
  type DescribeRatios,
  type RatioDistribution,
} from './describeRatios.ts';
import { findDrift, type DriftFigures } from './findDrift.ts';
import { type EvidenceSamples, evidenceSamples } from './evidenceSamples.ts';
import { PhaseRateTally, type RiskInterval } from './riskInterval.ts';

/** What the real samples bear out, with how sure that is; each is `null` without a sample. */
export interface EvidenceFigures {
  /** Of the clean samples: used more than predicted. */
  readonly underestimation: RiskInterval | null;
  /** Of the clean and the truncated samples: cut off at the limit. */
  readonly truncation: RiskInterval | null;
  /** Of those whose limit is recorded: needed more than the limit sent with the call. */
  readonly budgetRisk: RiskInterval | null;
  /** actual / predicted. */
  readonly ratio: RatioDistribution | null;
}

/** The figures of one model. */
export interface ModelEvidence extends EvidenceFigures {
  readonly model: string;
}

/** How sure the figures of an analysis are, whether models differ, and whether anything changed over time. */
export interface TelemetryEvidence extends EvidenceFigures {
  /** Sorted by name; those with real samples. */
  readonly models: readonly ModelEvidence[];
  readonly drift: DriftFigures;
}

/**
 * Figures with intervals over clean samples, corrected by what truncated ones tell; `null` where there are neither.
 * `wanted` narrows them down.
 */
export function telemetryEvidence(
  samples: TelemetrySamples,
  wanted?: (at: number) => boolean,
): TelemetryEvidence | null {
  return beginEvidence(samples, wanted)();
}

/** Like {@link telemetryEvidence}, in two steps: the result awaits what `describe` does on another thread. */
export function beginEvidence(
  samples: TelemetrySamples,
  wanted?: (at: number) => boolean,
  describe: DescribeRatios = describeHere,
): () => TelemetryEvidence | null {
  const evidence = evidenceSamples(samples, wanted);
  if (evidence.clean.length + evidence.truncated.length === 0) return () => null;
  const ratios = describe(samples, evidence);
  const drift = findDrift(samples, evidence.clean);
  const rates = ratesByModel(samples, evidence);
  const total = EvidenceRates.sum(samples, rates);
  const risks = total.risks();
  const ofModels = rates.map((own) => (own === total ? risks : own.risks()));
  return () => {
    const distributions = ratios();
    const models = samples.models.flatMap((model, number): ModelEvidence[] => {
      const own = ofModels[number];
      const hasSamples = own !== undefined && own.truncation !== null;
      return hasSamples ? [{ model, ...own, ratio: distributions.models[number] ?? null }] : [];
    });
    return {
      ...risks,
      ratio: distributions.all,
      models: models.sort((a, b) => compareText(a.model, b.model)),
      drift,
    };
  };
}

const describeHere: DescribeRatios = (columns, evidence) => () => describeRatiosByModel(columns, evidence);

/** The figures over a choice of samples. */
export function evidenceFigures(samples: TelemetrySamples, chosen: EvidenceSamples): EvidenceFigures {
  const rates = EvidenceRates.sum(samples, ratesByModel(samples, chosen));
  return { ...rates.risks(), ratio: describeRatios(samples, chosen) };
}

/** How often each of the risks came true. */
class EvidenceRates {
  readonly #under: PhaseRateTally;
  readonly #truncation: PhaseRateTally;
  readonly #budget: PhaseRateTally;

  constructor({ phases }: TelemetrySamples) {
    this.#under = new PhaseRateTally(phases.length);
    this.#truncation = new PhaseRateTally(phases.length);
    this.#budget = new PhaseRateTally(phases.length);
  }

  /** Those of all of these; the only one itself. */
  static sum(samples: TelemetrySamples, rates: readonly EvidenceRates[]): EvidenceRates {
    const [only] = rates;
    if (only !== undefined && rates.length === 1) return only;
    const total = new EvidenceRates(samples);
    for (const own of rates) total.#addAll(own);
    return total;
  }

  /** Counts a call that was not cut off; `sent` is the limit sent with it, NaN where it is not known. */
  add(phase: number, actual: number, predicted: number, sent: number): void {
    this.#under.add(phase, actual > predicted);
    this.#truncation.add(phase, false);
    if (sent > 0) this.#budget.add(phase, actual > sent);
  }

  addTruncated(phase: number, sent: number): void {
    this.#truncation.add(phase, true);
    if (sent > 0) this.#budget.add(phase, true);
  }

  risks(): Omit<EvidenceFigures, 'ratio'> {
    return {
      underestimation: this.#under.risk(),
      truncation: this.#truncation.risk(),
      budgetRisk: this.#budget.risk(),
    };
  }

  #addAll(other: EvidenceRates): void {
    this.#under.addAll(other.#under);
    this.#truncation.addAll(other.#truncation);
    this.#budget.addAll(other.#budget);
  }
}

/** By the number of the model. */
function ratesByModel(
  samples: TelemetrySamples,
  { clean, truncated }: EvidenceSamples,
): readonly EvidenceRates[] {
  const { phase, actual, predicted, limit, model } = samples;
  const rates = samples.models.map(() => new EvidenceRates(samples));
  for (const at of clean)
    rates[model[at] ?? 0]?.add(phase[at] ?? 0, actual[at] ?? NaN, predicted[at] ?? NaN, limit[at] ?? NaN);
  for (const at of truncated) rates[model[at] ?? 0]?.addTruncated(phase[at] ?? 0, limit[at] ?? NaN);
  return rates;
}
