import { compareText } from '../sampleKind.ts';
import type { TelemetrySamples } from '../telemetrySamples.ts';
import { describeRatios } from './describeRatios.ts';
import type { DriftFigures } from './driftFigures.ts';
import { type EvidenceSamples, evidenceSamples } from './evidenceSamples.ts';
import { findDrift } from './findDrift.ts';
import type { RatioDistribution } from './ratioDistribution.ts';
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
  const evidence = evidenceSamples(samples, wanted);
  if (evidence.clean.length + evidence.truncated.length === 0) return null;
  return {
    ...evidenceFigures(samples, evidence),
    models: modelEvidence(samples, evidence),
    drift: findDrift(samples, evidence.clean),
  };
}

/** The figures over a choice of samples. */
export function evidenceFigures(samples: TelemetrySamples, chosen: EvidenceSamples): EvidenceFigures {
  const tallies = {
    under: new PhaseRateTally(),
    truncation: new PhaseRateTally(),
    budget: new PhaseRateTally(),
  };
  for (const [truncated, indices] of [
    [false, chosen.clean],
    [true, chosen.truncated],
  ] as const) {
    for (const at of indices) {
      const phase = samples.phase[at] ?? 0;
      const [actual, predicted, limit] = [
        samples.actual[at] ?? 0,
        samples.predicted[at] ?? 0,
        samples.limit[at] ?? NaN,
      ];
      if (!truncated) tallies.under.add(phase, actual > predicted);
      tallies.truncation.add(phase, truncated);
      if (limit > 0) tallies.budget.add(phase, truncated || actual > limit);
    }
  }
  return {
    underestimation: tallies.under.risk(),
    truncation: tallies.truncation.risk(),
    budgetRisk: tallies.budget.risk(),
    ratio: describeRatios(samples, chosen),
  };
}

function modelEvidence(samples: TelemetrySamples, { clean, truncated }: EvidenceSamples): ModelEvidence[] {
  const occurring = new Set<number>();
  for (const indices of [clean, truncated]) for (const at of indices) occurring.add(samples.model[at] ?? 0);
  const figures = [...occurring].map((index) => {
    const ofModel = (at: number): boolean => samples.model[at] === index;
    const own = { clean: clean.filter(ofModel), truncated: truncated.filter(ofModel) };
    return { model: samples.models[index] ?? 'unknown', ...evidenceFigures(samples, own) };
  });
  return figures.sort((a, b) => compareText(a.model, b.model));
}
